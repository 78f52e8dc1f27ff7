// One promise of the venue API and the way to find out whether a venue keeps it.

package struct ConformanceCheck: Sendable {
    /// Stable: reports are compared by it.
    package let name: String
    /// What a venue promises, as a sentence about it.
    package let promise: String
    /// Whether it signs. Without a key such a check is skipped, and the report says so.
    package let needsKey: Bool
    let carryOut: @Sendable (VenueProbe) throws -> Void

    init(
        _ name: String, _ promise: String, needsKey: Bool = false,
        _ carryOut: @escaping @Sendable (VenueProbe) throws -> Void
    ) {
        self.name = name
        self.promise = promise
        self.needsKey = needsKey
        self.carryOut = carryOut
    }
}

package enum ConformanceVerdict: Hashable, Sendable {
    case kept
    /// What the venue did instead.
    case broken(String)
    case skipped(String)
}

/// The venue did something else than it promised.
struct Departure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The venue has nothing that the check could be made with, and need not.
struct NotOffered: Error {
    let reason: String
}

/// A requirement with what is said where it is not met.
func require(_ isSo: Bool, _ otherwise: @autoclosure () -> String) throws {
    guard isSo else { throw Departure(otherwise()) }
}
