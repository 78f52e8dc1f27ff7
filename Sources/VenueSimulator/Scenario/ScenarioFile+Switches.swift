import KeeperCodec
import KeeperModel

extension ScenarioFile {
    /// `{"market": "lend-main", "state": "halted", "atHeight": 90, "announcedAtHeight": 80}`;
    /// told at the height itself where nothing else is said.
    static func switches(
        _ reader: JSONReader, of markets: [MarketID]
    ) throws(JSONReadError) -> [ScheduledSwitch] {
        try reader.array(countMax: 10_000) { element throws(JSONReadError) in
            var object = try element.object()
            let market: MarketID = try object.value("market")
            guard markets.contains(market) else {
                let known = markets.map(\.text).joined(separator: ", ")
                throw element.refused("a market of this file: \(known)")
            }
            let state: MarketState = try object.value("state")
            let atHeight = try object.uint64("atHeight")
            let announced = try object.optional("announcedAtHeight")?.uint64 ?? atHeight
            let reason = try object.optional("reason")?.string ?? "scheduled"
            try object.finish()
            guard announced <= atHeight else {
                throw element.refused("an announcement at or before height \(atHeight)")
            }
            return ScheduledSwitch(
                market: market, state: state, atHeight: atHeight, announcedAtHeight: announced,
                reason: reason)
        }
    }
}
