// Ways in which this venue can be made to fail on purpose, so that keepers can be shown to survive
// it. Only a venue that was started with test switches has them.

import KeeperCodec
import KeeperModel

struct TestFaults: Hashable {
    /// So many writes are applied and then not answered: the connection just ends.
    var dropReplies: UInt64 = 0
    /// Every write is applied at once and answered so much later.
    var delayRepliesMilliseconds: UInt64 = 0
    /// Every write is refused with 503 and not applied.
    var rejectWrites = false
    /// At each height so many accounts that may be closed are closed by somebody else.
    var crowdCloses: UInt64 = 0
    /// Markets that take no closes for as long as they are named.
    var halted: [MarketID] = []
    /// Other states of markets, for as long as they are named.
    var states: [MarketFault] = []
    var streams = StreamFaults()

    static let delayMillisecondsMax: UInt64 = 60_000

    init() {}

    /// Members that are absent are off: the body says everything.
    init(jsonBytes: [UInt8]) throws(VenueProblem) {
        do {
            var object = try JSONReader(try JSONValue.parse(jsonBytes)).object()
            dropReplies = try object.optional("dropReplies")?.uint64 ?? 0
            delayRepliesMilliseconds =
                try object.optional("delayRepliesMilliseconds")?
                .integer(in: 0...Self.delayMillisecondsMax) ?? 0
            rejectWrites = try object.optional("rejectWrites")?.bool ?? false
            crowdCloses = try object.optional("crowdCloses")?.uint64 ?? 0
            halted = try object.valueIfPresent("halted") ?? []
            states = try object.valueIfPresent("states") ?? []
            streams = try object.optional("streams").map { try StreamFaults($0) } ?? StreamFaults()
            try object.finish()
        } catch {
            throw VenueProblem(.malformed, "\(error)")
        }
    }

    /// Whether this reply is one of those that get lost.
    mutating func takeDrop() -> Bool { StreamFaults.take(&dropReplies) }

    func writeMembers(to json: inout JSONWriter) {
        json.member("dropReplies", dropReplies)
        json.member("delayRepliesMilliseconds", delayRepliesMilliseconds)
        json.member("rejectWrites", rejectWrites)
        json.member("crowdCloses", crowdCloses)
        json.member("halted", halted)
        json.member("states", states)
        json.key("streams")
        streams.write(to: &json)
    }
}
