import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// The policies of a file, by name, each valid by the settlement law.
struct Policies {
    private let all: [SettlementPolicy]

    init(_ reader: JSONReader) throws(JSONReadError) {
        all = try reader.array(countMax: 16) { element throws(JSONReadError) in
            try Self.policy(element)
        }
    }

    private static func policy(
        _ reader: JSONReader
    ) throws(JSONReadError) -> SettlementPolicy {
        do throws(PolicyRefusal) {
            return try SettlementPolicy(reading: reader.value)
        } catch {
            throw reader.refused("a valid settlement policy (\(error))")
        }
    }

    func policy(_ reader: JSONReader) throws(JSONReadError) -> SettlementPolicy {
        let name = try reader.string
        guard let policy = all.first(where: { $0.name == name }) else {
            let known = all.map(\.name).joined(separator: ", ")
            throw reader.refused("a policy of this file: \(known)")
        }
        return policy
    }
}

extension ScenarioFile {
    static func lending(
        _ reader: JSONReader, quote: AssetDescription, policies: Policies
    ) throws(JSONReadError) -> LendingScenario {
        var object = try reader.object()
        let terms = LendingTerms(
            market: try object.required("market").identifier(as: MarketID.self),
            generation: try object.required("generation").choice([
                "3.0": AaveGeneration.v3_0, "3.3": .v3_3, "3.5": .v3_5, "3.7": .v3_7,
            ]),
            baseUnit: (0..<quote.decimals).reduce(1) { unit, _ in unit * 10 },
            reserves: try object.required("reserves").array(countMax: 128) {
                element throws(JSONReadError) in try reserve(element)
            },
            policy: try policies.policy(object.required("policy")))
        guard terms.reserves.contains(where: { $0.asset == quote.asset }) else {
            throw reader.refused("a reserve of \(quote.asset), which is what is borrowed")
        }
        let scenario = LendingScenario(
            terms: terms,
            borrowRatePpmPerYear: try object.required("borrowRatePerYear").sharePpm(),
            accountCount: try object.required("accounts").integer(in: 0...5_000_000),
            healthPpm: try range(object.required("health")) { value throws(JSONReadError) in
                try value.decimal(scale: 6, as: UInt64.self)
            },
            collateralUnits: try range(object.required("collateral")) {
                value throws(JSONReadError) in try value.units(of: quote)
            },
            twoCollateralsPpm: try object.required("twoCollaterals").sharePpm())
        try object.finish()
        return scenario
    }

    static func margin(
        _ reader: JSONReader, quote: AssetDescription, policies: Policies
    ) throws(JSONReadError) -> MarginScenario {
        var object = try reader.object()
        var policy = try policies.policy(object.required("policy"))
        // The tiers may come from another policy of the file, as an exchange's often do.
        if let tiersOf = object.optional("tiersOf") {
            policy.tiers = try policies.policy(tiersOf).tiers
        }
        let terms = MarginTerms(
            market: try object.required("market").identifier(as: MarketID.self),
            asset: try object.required("asset").identifier(as: AssetID.self),
            lotStep: try object.required("lotStep").integer(in: Int64(1)...1_000_000_000),
            policy: policy)
        guard MarginMarket(terms: terms) != nil else {
            throw reader.refused("a policy with tiers")
        }
        let fund = try object.required("fund").units(of: quote)
        let scenario = MarginScenario(
            terms: terms, accountCount: try object.required("accounts").integer(in: 0...5_000_000),
            lots: try range(object.required("lots")) { value throws(JSONReadError) in
                try value.integer(in: Int64(1)...1_000_000_000)
            },
            leveragePpm: try range(object.required("leverage")) { value throws(JSONReadError) in
                try value.decimal(scale: 6, as: UInt64.self)
            },
            fundUnits: Int64(clamping: fund))
        try object.finish()
        return scenario
    }

    private static func reserve(_ reader: JSONReader) throws(JSONReadError) -> ReserveTerms {
        var object = try reader.object()
        let bonus = try object.required("bonus").sharePpm()
        let terms = ReserveTerms(
            asset: try object.required("asset").identifier(as: AssetID.self),
            decimals: try object.required("decimals").integer(in: UInt8(0)...18),
            liquidationThresholdBps: try object.required("threshold").sharePpm() / 100,
            liquidationBonusBps: 10_000 + bonus / 100,
            protocolFeeBps: try object.required("protocolFee").sharePpm() / 100)
        try object.finish()
        return terms
    }

    private static func range<Bound: Comparable>(
        _ reader: JSONReader, _ bound: (JSONReader) throws(JSONReadError) -> Bound
    ) throws(JSONReadError) -> ClosedRange<Bound> {
        let ends = try reader.array(countMax: 2, of: bound)
        guard ends.count == 2, ends[0] <= ends[1] else {
            throw reader.refused("two ends, the lower one first")
        }
        return ends[0]...ends[1]
    }
}

extension JSONReader {
    fileprivate func units(of quote: AssetDescription) throws(JSONReadError) -> UInt64 {
        guard let units = try amount(of: quote).asUInt64 else {
            throw refused("an amount below 2^64 units")
        }
        return units
    }
}
