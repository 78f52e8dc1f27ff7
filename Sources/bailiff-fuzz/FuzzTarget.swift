/// One decoder under fire: whatever the bytes, it returns or throws. It never traps, hangs or takes
/// memory without bound, and what it has taken once it takes again in its own writing.
struct FuzzMember: Sendable {
    let name: String
    /// Inputs to begin with.
    let seeds: @Sendable (SeedSource) throws -> [[UInt8]]
    let decode: @Sendable ([UInt8]) throws -> Void

    init(
        _ name: String, seeds: @escaping @Sendable (SeedSource) throws -> [[UInt8]],
        decode: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.decode = decode
    }
}

/// What is run by itself for so many seconds: one decoder, or a few that are too small to fill the
/// time, of which the first byte of an input says which is meant.
struct FuzzTarget: Sendable {
    let name: String
    private let members: [FuzzMember]

    init(_ member: FuzzMember) {
        name = member.name
        members = [member]
    }

    init(_ name: String, oneOf members: [FuzzMember]) {
        precondition((1...256).contains(members.count), "One byte tells the members apart")
        self.name = name
        self.members = members
    }

    /// In a group each behind the byte that names its decoder.
    func seeds(_ source: SeedSource) throws -> [[UInt8]] {
        guard members.count > 1 else { return try members[0].seeds(source) }
        return try members.enumerated().flatMap { index, member in
            try member.seeds(source).map { [UInt8(index)] + $0 }
        }
    }

    func tryInput(_ bytes: [UInt8]) {
        guard let member = member(for: bytes) else { return }
        // To refuse is as good as to read.
        try? member.decode(members.count > 1 ? Array(bytes.dropFirst()) : bytes)
    }

    /// Which decoder an input is for; nil for an empty one in a group.
    func member(for bytes: [UInt8]) -> FuzzMember? {
        guard members.count > 1 else { return members[0] }
        return bytes.first.map { members[Int($0) % members.count] }
    }

    var memberNames: String { members.map(\.name).joined(separator: ", ") }
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

/// Few, so that ten minutes each are an evening and not a day.
let fuzzTargets: [FuzzTarget] = [
    FuzzTarget(canary),
    FuzzTarget("json", oneOf: jsonDecoders),
    FuzzTarget(rlpDecoder),
    FuzzTarget("abi", oneOf: abiDecoders),
    FuzzTarget(transactionDecoder),
    FuzzTarget("rpc-reply", oneOf: replyDecoders),
    FuzzTarget("recording", oneOf: recordingDecoders),
    FuzzTarget(strategyDecoder),
    FuzzTarget("config", oneOf: configDecoders),
    FuzzTarget("model", oneOf: modelDecoders),
    FuzzTarget("wire", oneOf: wireDecoders),
    FuzzTarget("texts", oneOf: textDecoders),
    FuzzTarget("import", oneOf: importDecoders),
]

/// A trap behind a few bytes that no seed has. Where it is not found, nothing would be.
let canary = FuzzMember("canary", seeds: { _ in [Array("canary".utf8)] }) { bytes in
    guard bytes.count > 4, bytes[0] == UInt8(ascii: "B"), bytes[1] == UInt8(ascii: "A") else {
        return
    }
    if bytes[2] == UInt8(ascii: "I"), bytes[3] ^ bytes[4] == 0x5A {
        preconditionFailure("the canary's trap")
    }
}
