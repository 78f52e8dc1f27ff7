import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// The policies of a file, by name, each valid by the settlement law.
struct Policies {
    let all: [SettlementPolicy]

    init(_ reader: JSONReader) throws(JSONReadError) {
        all = try reader.array(countMax: 16) { element throws(JSONReadError) in
            try Self.policy(element)
        }
    }

    static func policy(
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
    static func markets(
        _ reader: JSONReader, among assets: [ScenarioAsset], _ quote: AssetDescription,
        _ policies: Policies
    ) throws(JSONReadError) -> [MarketScenario] {
        let known = assets.map(\.description)
        var markets: [MarketScenario] = []
        for element in try reader.array(countMax: 64, of: { $0 }) {
            let market = try MarketReading(
                quote: quote, assets: known, policies: policies
            ).market(element)
            guard !markets.contains(where: { $0.terms.market == market.terms.market }) else {
                throw element.refused("a market whose name is not taken")
            }
            markets.append(market)
        }
        guard !markets.isEmpty else { throw reader.refused("at least one market") }
        return markets
    }
}

/// Reads one market of a scenario: its kind says which keys it has.
struct MarketReading {
    let quote: AssetDescription
    let assets: [AssetDescription]
    let policies: Policies

    func market(_ reader: JSONReader) throws(JSONReadError) -> MarketScenario {
        var object = try reader.object()
        let kind = try object.required("kind").choice([
            "lending": Kind.lending, "margin": .margin, "morphoBlue": .morphoBlue,
            "euler": .euler, "compound": .compound, "liquityV1": .liquityV1,
            "liquityV2": .liquityV2, "maker": .maker,
        ])
        let market = try object.required("market").identifier(as: MarketID.self)
        let scenario: MarketScenario =
            switch kind {
            case .margin: .margin(try margin(market, &object))
            case .lending: .borrowers(try crowd(.lending(lending(market, &object)), &object))
            case .morphoBlue:
                .borrowers(try crowd(.morphoBlue(morphoBlue(market, &object)), &object))
            case .liquityV1:
                .borrowers(try crowd(.liquity(liquity(.v1, market, &object)), &object))
            case .liquityV2:
                .borrowers(try crowd(.liquity(liquity(.v2, market, &object)), &object))
            case .maker: .borrowers(try crowd(.maker(maker(market, &object)), &object))
            case .compound: .borrowers(try crowd(.compound(compound(market, &object)), &object))
            case .euler: .borrowers(try crowd(.euler(euler(market, &object)), &object))
            }
        try object.finish()
        guard scenario.terms.host != nil else { throw reader.refused("a policy with tiers") }
        if case .borrowers(let crowd) = scenario, crowd.terms.kindsOfCollateral.isEmpty {
            throw reader.refused("a market where something counts as collateral")
        }
        return scenario
    }

    private enum Kind {
        case lending, margin, morphoBlue, euler, compound, liquityV1, liquityV2, maker
    }

    /// Who is in a market of borrowers.
    private func crowd(
        _ terms: MarketTerms, _ object: inout ObjectReader
    ) throws(JSONReadError) -> BorrowerScenario {
        BorrowerScenario(
            terms: terms,
            borrowRatePpmPerYear: try object.required("borrowRatePerYear").sharePpm(),
            accountCount: try object.required("accounts").integer(in: 0...5_000_000),
            healthPpm: try range(object.required("health")) { value throws(JSONReadError) in
                try value.decimal(scale: 6, as: UInt64.self)
            },
            collateralUnits: try range(object.required("collateralWorth")) {
                value throws(JSONReadError) in try value.units(of: quote)
            },
            twoCollateralsPpm: try object.optional("twoCollaterals")?.sharePpm() ?? 0,
            poolUnits: try object.optional("stabilityPool")?.units(of: quote) ?? 0)
    }

    private func lending(
        _ market: MarketID, _ object: inout ObjectReader
    ) throws(JSONReadError) -> LendingTerms {
        let reserves = try object.required("reserves")
        let terms = LendingTerms(
            market: market,
            generation: try object.required("generation").choice([
                "3.0": AaveGeneration.v3_0, "3.3": .v3_3, "3.5": .v3_5, "3.7": .v3_7,
            ]),
            baseUnit: (0..<quote.decimals).reduce(1) { unit, _ in unit * 10 },
            reserves: try reserves.array(countMax: 128) {
                element throws(JSONReadError) in try reserve(element)
            },
            policy: try policies.policy(object.required("policy")))
        guard terms.reserves.contains(where: { $0.asset == quote.asset }) else {
            throw reserves.refused("a reserve of \(quote.asset), which is what is borrowed")
        }
        return terms
    }

    private func morphoBlue(
        _ market: MarketID, _ object: inout ObjectReader
    ) throws(JSONReadError) -> MorphoBlueTerms {
        let collateral = try asset(object.required("collateral"))
        return MorphoBlueTerms(
            market: market, loan: quote.asset, collateral: collateral.asset,
            collateralDecimals: collateral.decimals,
            lltvWad: try shareWad(object.required("lltv")),
            policy: try policies.policy(object.required("policy")))
    }

    private func euler(
        _ market: MarketID, _ object: inout ObjectReader
    ) throws(JSONReadError) -> EulerVaultTerms {
        EulerVaultTerms(
            market: market, debt: quote.asset, debtDecimals: quote.decimals,
            collaterals: try object.required("collaterals").array(countMax: 64) {
                element throws(JSONReadError) in try eulerCollateral(element)
            },
            maxDiscountBps: try object.required("maxDiscount").sharePpm() / 100,
            policy: try policies.policy(object.required("policy")))
    }

    private func compound(
        _ market: MarketID, _ object: inout ObjectReader
    ) throws(JSONReadError) -> CompoundTerms {
        CompoundTerms(
            market: market, base: quote.asset, baseDecimals: quote.decimals,
            collaterals: try object.required("collaterals").array(countMax: 24) {
                element throws(JSONReadError) in
                var object = try element.object()
                let asset = try asset(object.required("asset"))
                let collateral = CompoundTerms.Collateral(
                    asset: asset.asset, decimals: asset.decimals,
                    liquidateFactorWad: try shareWad(object.required("liquidateFactor")),
                    liquidationFactorWad: try shareWad(object.required("liquidationFactor")))
                try object.finish()
                return collateral
            },
            storefrontPriceFactorWad: try shareWad(object.required("storefrontPriceFactor")))
    }

    /// A ratio that is on its way down says to where, until when and from when on.
    private func eulerCollateral(
        _ reader: JSONReader
    ) throws(JSONReadError) -> EulerVaultTerms.Collateral {
        var object = try reader.object()
        let asset = try asset(object.required("asset"))
        let ratioBps = try object.required("ltv").sharePpm() / 100
        var targetBps = ratioBps
        var (until, duration) = (UInt64.zero, UInt64.zero)
        if let ramp = object.optional("ramp") {
            var ramped = try ramp.object()
            targetBps = try ramped.required("to").sharePpm() / 100
            until = try ramped.required("untilSeconds").uint64
            duration = try ramped.required("durationSeconds").uint64
            try ramped.finish()
        }
        try object.finish()
        return EulerVaultTerms.Collateral(
            asset: asset.asset, decimals: asset.decimals, initialBps: ratioBps,
            targetBps: targetBps, targetAtSeconds: until, durationSeconds: duration)
    }

    /// An asset that the scenario has a price and a book of.
    func asset(_ reader: JSONReader) throws(JSONReadError) -> AssetDescription {
        let name = try reader.identifier(as: AssetID.self)
        guard let asset = assets.first(where: { $0.asset == name }) else {
            let known = assets.map(\.asset.text).joined(separator: ", ")
            throw reader.refused("an asset of this file: \(known)")
        }
        return asset
    }

    func shareWad(_ reader: JSONReader) throws(JSONReadError) -> UInt256 {
        UInt256(try reader.sharePpm()) * 1_000_000_000_000
    }

    private func margin(
        _ market: MarketID, _ object: inout ObjectReader
    ) throws(JSONReadError) -> MarginScenario {
        var policy = try policies.policy(object.required("policy"))
        // The tiers may come from another policy of the file, as an exchange's often do.
        if let tiersOf = object.optional("tiersOf") {
            policy.tiers = try policies.policy(tiersOf).tiers
        }
        let terms = MarginTerms(
            market: market, asset: try asset(object.required("asset")).asset,
            lotStep: try object.required("lotStep").integer(in: Int64(1)...1_000_000_000),
            policy: policy)
        return MarginScenario(
            terms: terms, accountCount: try object.required("accounts").integer(in: 0...5_000_000),
            lots: try range(object.required("lots")) { value throws(JSONReadError) in
                try value.integer(in: Int64(1)...1_000_000_000)
            },
            leveragePpm: try range(object.required("leverage")) { value throws(JSONReadError) in
                try value.decimal(scale: 6, as: UInt64.self)
            })
    }

    private func reserve(_ reader: JSONReader) throws(JSONReadError) -> ReserveTerms {
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

    private func range<Bound: Comparable>(
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
    func units(of quote: AssetDescription) throws(JSONReadError) -> UInt64 {
        guard let units = try amount(of: quote).asUInt64 else {
            throw refused("an amount below 2^64 units")
        }
        return units
    }
}
