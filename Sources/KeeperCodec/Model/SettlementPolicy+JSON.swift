package import KeeperModel

/// The policy file of `settlement.md` section 11. Integers are written as decimal strings and read
/// as strings or bare integers. This is the shape only; whether the policy may come into force is
/// judged in LiquidationRules.
extension SettlementPolicy: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        var adl = try object.required("adl").object()
        var socialise = try object.required("socialise").object()
        self.init(
            name: try object.string("policy"), version: try object.either("version"),
            fromHeight: try object.either("fromHeight"), penalty: try object.value("penalty"),
            surplus: try object.value("surplus"), fund: try object.value("fund"),
            backstops: try object.value("backstops"),
            adlMaxPositionPpm: try adl.either("maxPositionPpm"),
            socialiseMaxClaimPpm: try socialise.either("maxClaimPpm"),
            tiers: try object.valueIfPresent("tiers"),
            volatility: try object.valueIfPresent("volatility"),
            predictive: try object.valueIfPresent("predictive"),
            partial: try object.valueIfPresent("partial"),
            stress: try object.valueIfPresent("stress"))
        try adl.finish()
        try socialise.finish()
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("policy", name)
        json.member("version", quoted: version)
        json.member("fromHeight", quoted: fromHeight)
        json.member("penalty", penalty)
        json.member("surplus", surplus)
        json.member("fund", fund)
        json.member("backstops", backstops)
        json.section("adl", [("maxPositionPpm", adlMaxPositionPpm)])
        json.section("socialise", [("maxClaimPpm", socialiseMaxClaimPpm)])
        if let tiers { json.member("tiers", tiers) }
        if let volatility { json.member("volatility", volatility) }
        if let predictive { json.member("predictive", predictive) }
        if let partial { json.member("partial", partial) }
        if let stress { json.member("stress", stress) }
        json.endObject()
    }
}

extension PenaltyRule: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        var shares = try object.required("shares").object()
        self.init(
            basePpm: try object.either("basePpm"), slopePpm: try object.either("slopePpm"),
            capPpm: try object.either("capPpm"), keeperPpm: try object.either("keeperPpm"),
            keeperMinimum: try object.either("keeperMinimum"),
            keeperMinimumNotional: try object.either("keeperMinimumNotional"),
            windowHeights: try object.either("windowHeights"),
            fundPpm: try shares.either("fundPpm"), harmedPpm: try shares.either("harmedPpm"),
            treasuryPpm: try shares.either("treasuryPpm"))
        try shares.finish()
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.members([
            ("basePpm", basePpm), ("slopePpm", slopePpm), ("capPpm", capPpm),
            ("keeperPpm", keeperPpm), ("keeperMinimum", keeperMinimum),
            ("keeperMinimumNotional", keeperMinimumNotional), ("windowHeights", windowHeights),
        ])
        json.section(
            "shares",
            [("fundPpm", fundPpm), ("harmedPpm", harmedPpm), ("treasuryPpm", treasuryPpm)])
        json.endObject()
    }
}

extension SurplusShares: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            accountPpm: try object.either("accountPpm"), fundPpm: try object.either("fundPpm"),
            lpsPpm: try object.either("lpsPpm"), stakersPpm: try object.either("stakersPpm"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.members([
            ("accountPpm", accountPpm), ("fundPpm", fundPpm), ("lpsPpm", lpsPpm),
            ("stakersPpm", stakersPpm),
        ])
        json.endObject()
    }
}

extension FundRule: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        var overflow = try object.required("overflow").object()
        self.init(
            floor: try object.either("floor"), target: try object.either("target"),
            feeSharePpm: try object.either("feeSharePpm"),
            overflowLpsPpm: try overflow.either("lpsPpm"),
            overflowStakersPpm: try overflow.either("stakersPpm"),
            overflowTreasuryPpm: try overflow.either("treasuryPpm"))
        try overflow.finish()
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.members([("floor", floor), ("target", target), ("feeSharePpm", feeSharePpm)])
        json.section(
            "overflow",
            [
                ("lpsPpm", overflowLpsPpm), ("stakersPpm", overflowStakersPpm),
                ("treasuryPpm", overflowTreasuryPpm),
            ])
        json.endObject()
    }
}

extension JSONReader {
    /// An integer in quotes or bare: section 11 lets a reader take both.
    fileprivate var either: Int64 {
        get throws(JSONReadError) {
            if case .number = value { return try int64 }
            return try quotedInteger(as: Int64.self)
        }
    }
}

extension ObjectReader {
    fileprivate mutating func either(_ key: String) throws(JSONReadError) -> Int64 {
        try required(key).either
    }
}

extension JSONWriter {
    fileprivate mutating func members(_ members: [(String, Int64)]) {
        for (name, value) in members { member(name, quoted: value) }
    }

    fileprivate mutating func section(_ name: String, _ content: [(String, Int64)]) {
        key(name)
        beginObject()
        members(content)
        endObject()
    }
}

extension Backstop: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(id: try object.string("id"), capacity: try object.either("capacity"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("capacity", quoted: capacity)
        json.endObject()
    }
}

extension MarginTier: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(upTo: try object.either("upTo"), ratePpm: try object.either("ratePpm"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.members([("upTo", upTo), ("ratePpm", ratePpm)])
        json.endObject()
    }
}

extension VolatilityRule: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            lambdaPpm: try object.either("lambdaPpm"),
            initialVariance: try object.either("initialVariance"),
            initialRatePpm: try object.either("initialRatePpm"),
            multiplierPpm: try object.either("multiplierPpm"),
            capPpm: try object.either("capPpm"), maxRisePpm: try object.either("maxRisePpm"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.members([
            ("lambdaPpm", lambdaPpm), ("initialVariance", initialVariance),
            ("initialRatePpm", initialRatePpm), ("multiplierPpm", multiplierPpm),
            ("capPpm", capPpm), ("maxRisePpm", maxRisePpm),
        ])
        json.endObject()
    }
}

extension PredictiveRule: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            horizonSteps: try object.either("horizonSteps"),
            triggerPpm: try object.either("triggerPpm"),
            targetPpm: try object.either("targetPpm"),
            maxStepPpm: try object.either("maxStepPpm"),
            maxWindowPpm: try object.either("maxWindowPpm"),
            windowHeights: try object.either("windowHeights"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.members([
            ("horizonSteps", horizonSteps), ("triggerPpm", triggerPpm), ("targetPpm", targetPpm),
            ("maxStepPpm", maxStepPpm), ("maxWindowPpm", maxWindowPpm),
            ("windowHeights", windowHeights),
        ])
        json.endObject()
    }
}

extension PartialRule: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            targetPpm: try object.either("targetPpm"),
            maxStepPpm: try object.either("maxStepPpm"), dust: try object.either("dust"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.members([("targetPpm", targetPpm), ("maxStepPpm", maxStepPpm), ("dust", dust)])
        json.endObject()
    }
}

extension StressRule: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            exitCostPpm: try object.either("exitCostPpm"), shocks: try object.value("shocks"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("exitCostPpm", quoted: exitCostPpm)
        json.member("shocks", shocks)
        json.endObject()
    }
}

extension Shock: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        var assets = try object.required("assets").object()
        var moves: [AssetMove] = []
        for (asset, move) in assets.entries() {
            moves.append(AssetMove(asset: asset, movePpm: try move.either))
        }
        self.init(
            name: try object.string("name"), defaultPpm: try object.either("defaultPpm"),
            assetMovesPpm: moves)
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        json.member("defaultPpm", quoted: defaultPpm)
        json.section("assets", assetMovesPpm.map { ($0.asset, $0.movePpm) })
        json.endObject()
    }
}
