import KeeperCodec
import KeeperModel
import WideMath

/// The keys whose values are objects of their own.
extension StrategyFile {
    /// `"hold"`, `{"sellWithin": …}`, `{"holdUpTo": {…}, "haircut": …}`, or the last two together.
    static func exit(_ reader: JSONReader) throws(JSONReadError) -> ExitChoice {
        guard case .object = reader.value else {
            return try reader.choice(["hold": ExitChoice.hold])
        }
        var object = try reader.object()
        guard let limits = object.optional("holdUpTo") else {
            let tolerancePpm = try object.required("sellWithin").sharePpm()
            try object.finish()
            return .sell(tolerancePpm: tolerancePpm)
        }
        let rule = HoldRule(
            haircutPpm: try object.required("haircut").sharePpm(),
            limitUnits: try limitUnits(limits),
            sellTolerancePpm: try object.optional("sellWithin").map {
                reader throws(JSONReadError) in
                try reader.sharePpm()
            })
        try object.finish()
        return .holdUpTo(rule)
    }

    private static func limitUnits(
        _ reader: JSONReader
    ) throws(JSONReadError) -> [AssetID: UInt256] {
        var object = try reader.object()
        var limits: [AssetID: UInt256] = [:]
        for (key, value) in object.entries() {
            guard let asset = AssetID(checking: key) else {
                throw value.refused("the name of an asset as its key")
            }
            limits[asset] = try units(value)
        }
        guard !limits.isEmpty else { throw reader.refused("a limit for at least one asset") }
        return limits
    }

    /// `"500 usd"`, in units of account.
    private static func units(_ reader: JSONReader) throws(JSONReadError) -> UInt256 {
        try reader.amount(units: [("usd", 1_000_000)], example: "500 usd")
    }

    /// `{"over": "3 %", "then": "hold"}`, or `{"over": "3 %", "then": {"canary": "500 usd"}}`.
    static func aboveBonus(_ reader: JSONReader) throws(JSONReadError) -> AboveBonusRule {
        var object = try reader.object()
        let rule = AboveBonusRule(
            overPpm: try object.required("over").sharePpm(),
            policy: try policy(object.required("then")))
        try object.finish()
        return rule
    }

    private static func policy(
        _ reader: JSONReader
    ) throws(JSONReadError) -> AboveBonusRule.Policy {
        guard case .object = reader.value else {
            return try reader.choice(["hold": AboveBonusRule.Policy.hold])
        }
        var object = try reader.object()
        let units = try units(object.required("canary"))
        try object.finish()
        return .canary(notionalMaxUnits: units)
    }

    /// `"free"`; with `lane` and `sealed` one bid that is never raised; or with `lane`, `offer`,
    /// `cap` and `raiseEvery`.
    static func bid(_ reader: JSONReader) throws(JSONReadError) -> BidRule? {
        guard case .object = reader.value else {
            return try reader.choice(["free": BidRule?.none])
        }
        var object = try reader.object()
        let laneClass = try object.required("lane").choice([
            LaneClass.open.rawValue: LaneClass.open, LaneClass.confidential.rawValue: .confidential,
        ])
        if let share = object.optional("sealed") {
            let rule = BidRule.sealed(laneClass: laneClass, sharePpm: try share.sharePpm())
            try object.finish()
            return rule
        }
        let cap = try object.required("cap")
        let rule = BidRule(
            laneClass: laneClass,
            offerPpm: try object.required("offer").sharePpm(), capPpm: try cap.sharePpm(),
            raiseEveryHeights: try object.required("raiseEvery").integer(in: UInt64(0)...1_000))
        try object.finish()
        guard rule.offerPpm <= rule.capPpm else { throw cap.refused("a cap not below the offer") }
        return rule
    }
}
