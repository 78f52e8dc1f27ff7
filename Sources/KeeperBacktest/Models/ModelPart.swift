package import KeeperModel

/// A part of the world that history does not say, with where its figures come from. Every result is
/// printed with the parts that it rests on.
package struct ModelPart: Hashable, Sendable {
    package enum Origin: Hashable, Sendable, CustomStringConvertible {
        /// In the data that the run read.
        case measured
        /// In other data, of that date.
        case borrowed(from: String)
        case assumed

        package var description: String {
            switch self {
            case .measured: "measured"
            case .borrowed(let date): "borrowed from \(date)"
            case .assumed: "assumed"
            }
        }
    }

    /// Of which venue, where others have parts of their own.
    package private(set) var domain: DomainID?
    package let name: String
    package let origin: Origin
    /// What it does, in a sentence.
    package let law: String

    package init(_ name: String, _ origin: Origin, _ law: String) {
        self.name = name
        self.origin = origin
        self.law = law
    }

    package func at(_ domain: DomainID) -> ModelPart {
        var part = self
        part.domain = domain
        return part
    }

    package var line: String {
        (domain.map { "\($0): " } ?? "") + "\(name): \(origin): \(law)"
    }
}
