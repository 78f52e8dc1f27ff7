/// One decoder under fire: whatever the bytes, it returns or throws. It never traps, hangs or takes
/// memory without bound, and what it has taken once it takes again in its own writing.
struct FuzzTarget: Sendable {
    let name: String
    /// Inputs to begin with.
    let seeds: @Sendable (SeedSource) throws -> [[UInt8]]
    private let decode: @Sendable ([UInt8]) throws -> Void

    init(
        _ name: String, seeds: @escaping @Sendable (SeedSource) throws -> [[UInt8]],
        decode: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.decode = decode
    }

    func tryInput(_ bytes: [UInt8]) {
        // To refuse is as good as to read.
        try? decode(bytes)
    }
}

/// The target that the command line names; looked up once, because libFuzzer hands nothing on.
enum ChosenTarget {
    static let target: FuzzTarget? = fuzzTargets.first { $0.name == CommandLine.arguments[1] }
}

/// What we wrote ourselves must be readable.
func readAgain<Value>(_ name: String, _ read: () throws -> Value) -> Value {
    do {
        return try read()
    } catch {
        preconditionFailure("\(name): what was written is refused: \(error)")
    }
}

let fuzzTargets: [FuzzTarget] =
    [canary] + jsonTargets + modelTargets + fileTargets + recordingTargets + wireTargets
    + textTargets + chainTargets

/// A trap behind a few bytes that no seed has. Where it is not found, nothing would be.
let canary = FuzzTarget("canary", seeds: { _ in [Array("canary".utf8)] }) { bytes in
    guard bytes.count > 4, bytes[0] == UInt8(ascii: "B"), bytes[1] == UInt8(ascii: "A") else {
        return
    }
    if bytes[2] == UInt8(ascii: "I"), bytes[3] ^ bytes[4] == 0x5A {
        preconditionFailure("the canary's trap")
    }
}
