// A market that is put into another state on purpose.

import KeeperCodec
import KeeperModel

struct MarketFault: Hashable {
    let market: MarketID
    let state: MarketState
    /// Told now, in force so many heights later.
    let inHeights: UInt64

    static let inHeightsMax: UInt64 = 1_000_000
}

extension MarketFault: JSONForm {
    init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        market = try object.value("market")
        state = try object.value("state")
        inHeights =
            try object.optional("inHeights")?.integer(in: 0...Self.inHeightsMax) ?? 0
        try object.finish()
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("market", market)
        json.member("state", state)
        json.member("inHeights", inHeights)
        json.endObject()
    }
}

extension TestFaults {
    /// Every market that a switch speaks of.
    var markets: [MarketID] { halted + states.map(\.market) }

    /// Nil where no switch speaks of it. Halted is halted, whatever else is said.
    func state(of market: MarketID) -> MarketFault? {
        if halted.contains(market) {
            return MarketFault(market: market, state: .halted, inHeights: 0)
        }
        return states.last { $0.market == market }
    }
}
