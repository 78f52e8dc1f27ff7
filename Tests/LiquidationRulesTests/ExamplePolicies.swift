import KeeperCodec
import KeeperModel
import LiquidationRules

/// The three example policies of `settlement.md` section 11.
enum ExamplePolicy: String, CaseIterable, Sendable {
    case fundTakesAll
    case bonusAndRefund
    case community

    var policy: SettlementPolicy {
        get throws { try SettlementPolicy(reading: json) }
    }

    var json: JSONValue {
        get throws { try JSONValue.parse(Array(text.utf8)) }
    }

    var text: String {
        switch self {
        case .fundTakesAll: fundTakesAllText
        case .bonusAndRefund: bonusAndRefundText
        case .community: communityText
        }
    }
}

private let fundTakesAllText = """
    {"policy": "fund-takes-all", "version": "1", "fromHeight": "0",
     "penalty": {"basePpm": "0", "slopePpm": "0", "capPpm": "0", "keeperPpm": "0",
      "keeperMinimum": "0", "keeperMinimumNotional": "0", "windowHeights": "0",
      "shares": {"fundPpm": "1000000", "harmedPpm": "0", "treasuryPpm": "0"}},
     "surplus": {"accountPpm": "0", "fundPpm": "1000000", "lpsPpm": "0", "stakersPpm": "0"},
     "fund": {"floor": "0", "target": "9223372036854775807", "feeSharePpm": "100000",
      "overflow": {"lpsPpm": "0", "stakersPpm": "0", "treasuryPpm": "1000000"}},
     "backstops": [], "adl": {"maxPositionPpm": "1000000"}, "socialise": {"maxClaimPpm": "0"},
     "tiers": [{"upTo": "50000000000", "ratePpm": "4000"},
      {"upTo": "600000000000", "ratePpm": "5000"}]}
    """

private let bonusAndRefundText = """
    {"policy": "bonus-and-refund", "version": "1", "fromHeight": "0",
     "penalty": {"basePpm": "50000", "slopePpm": "0", "capPpm": "50000", "keeperPpm": "900000",
      "keeperMinimum": "0", "keeperMinimumNotional": "0", "windowHeights": "0",
      "shares": {"fundPpm": "0", "harmedPpm": "0", "treasuryPpm": "1000000"}},
     "surplus": {"accountPpm": "1000000", "fundPpm": "0", "lpsPpm": "0", "stakersPpm": "0"},
     "fund": {"floor": "0", "target": "0", "feeSharePpm": "0",
      "overflow": {"lpsPpm": "0", "stakersPpm": "0", "treasuryPpm": "1000000"}},
     "backstops": [], "adl": {"maxPositionPpm": "0"}, "socialise": {"maxClaimPpm": "1000000"},
     "partial": {"targetPpm": "1050000", "maxStepPpm": "500000", "dust": "100000000"}}
    """

private let communityText = """
    {"policy": "community", "version": "1", "fromHeight": "0",
     "penalty": {"basePpm": "10000", "slopePpm": "40000", "capPpm": "40000",
      "keeperPpm": "300000", "keeperMinimum": "5000000", "keeperMinimumNotional": "100000000",
      "windowHeights": "7200",
      "shares": {"fundPpm": "500000", "harmedPpm": "300000", "treasuryPpm": "200000"}},
     "surplus": {"accountPpm": "600000", "fundPpm": "200000", "lpsPpm": "120000",
      "stakersPpm": "80000"},
     "fund": {"floor": "10000000000", "target": "1000000000000", "feeSharePpm": "150000",
      "overflow": {"lpsPpm": "600000", "stakersPpm": "300000", "treasuryPpm": "100000"}},
     "backstops": [{"id": "pool-a", "capacity": "250000000000"},
      {"id": "pool-b", "capacity": "100000000000"}],
     "adl": {"maxPositionPpm": "500000"}, "socialise": {"maxClaimPpm": "1000000"},
     "tiers": [{"upTo": "50000000000", "ratePpm": "10000"},
      {"upTo": "600000000000", "ratePpm": "20000"}, {"upTo": "3000000000000", "ratePpm": "50000"}],
     "volatility": {"lambdaPpm": "940000", "initialVariance": "1000000000000",
      "initialRatePpm": "10000", "multiplierPpm": "20000000", "capPpm": "250000",
      "maxRisePpm": "2000"},
     "predictive": {"horizonSteps": "60", "triggerPpm": "2500000", "targetPpm": "3000000",
      "maxStepPpm": "100000", "maxWindowPpm": "300000", "windowHeights": "300"},
     "partial": {"targetPpm": "1100000", "maxStepPpm": "250000", "dust": "50000000"},
     "stress": {"exitCostPpm": "3000",
      "shocks": [{"name": "crash", "defaultPpm": "-300000", "assets": {}},
       {"name": "majors", "defaultPpm": "-150000",
        "assets": {"BTC": "-200000", "ETH": "-250000"}}]}}
    """
