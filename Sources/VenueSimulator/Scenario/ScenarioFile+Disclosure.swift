import KeeperCodec
import KeeperModel

extension ScenarioFile {
    static func disclosure(
        _ reader: JSONReader, of hosted: [MarketScenario]
    ) throws(JSONReadError) -> Disclosure {
        var object = try reader.object()
        let isFull = try object.required("mode").choice(["full": true, "offers": false])
        guard !isFull else {
            try object.finish()
            return .full
        }
        let allocation = try object.required("allocation").choice([
            "claim": OfferAllocation.claim, "sealedBid": .sealedBid, "proRata": .proRata,
        ])
        let expiry = object.optional("expiry")
        let window = object.optional("window")
        let expiryHeights = try expiry?.integer(in: UInt64(1)...1_000_000) ?? usualExpiryHeights
        guard (allocation == .sealedBid) == (window != nil) else {
            throw reader.refused("a window where bids are sealed, and nowhere else")
        }
        let windowHeights = try window?.integer(in: UInt64(1)...expiryHeights) ?? 0
        try object.finish()
        guard hosted.allSatisfy({ $0.terms.canBeOffered }) else {
            throw reader.refused(
                "markets whose closes are paid for: lending, morphoBlue, euler, compound")
        }
        return .offers(
            OfferRules(
                allocation: allocation, expiryHeights: expiryHeights, windowHeights: windowHeights)
        )
    }

    private static var usualExpiryHeights: UInt64 { 30 }
}
