import KeeperCodec
package import KeeperModel
package import KeeperRisk
package import WideMath

/// What would be moved now between the keeper's two purses of one domain, and why, or why not.
///
/// Pure and total: from what is there, what is promised and what the operator allows. Gas comes
/// first, because moving anything else may need it; then what is lacking, then what is too much.
package struct TreasuryPlan: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// Between floor and ceiling.
        case balanced
        /// An earlier transfer of the asset is open.
        case underWay
        /// The asset rests after its last transfer.
        case resting(until: Instant)
        case due(ReserveTransfer)
        /// Something would have to be moved, and nothing can be.
        case blocked(SkipReason)
    }

    package struct Line: Hashable, Sendable {
        package let rule: PurseRule
        package let purse: PurseState
        package let outcome: Outcome
        /// What the reserve lacks of a top-up; zero where it has enough, or none is in order.
        package let lacking: UInt256
    }

    package let domain: DomainID
    /// In the order in which they would be carried out.
    package let lines: [Line]

    package init(
        domain: DomainID, gasAsset: AssetID?, purses: [(rule: PurseRule, purse: PurseState)]
    ) {
        self.domain = domain
        lines = purses.map { Line($0.rule, $0.purse) }
            .sorted { $0.rank(gasAsset) < $1.rank(gasAsset) }
    }

    package var transfers: [ReserveTransfer] {
        lines.compactMap { line in
            guard case .due(let transfer) = line.outcome else { return nil }
            return transfer
        }
    }

    /// A name for exactly these transfers: whoever says it means them and no others.
    package var name: String {
        var json = JSONWriter()
        json.beginArray()
        for transfer in transfers {
            json.beginObject()
            json.member("domain", domain)
            json.member("asset", transfer.asset)
            json.member("amount", transfer.amount)
            json.member("direction", transfer.direction.rawValue)
            json.endObject()
        }
        json.endArray()
        return Hex.encode(Array(SHA256.hash(json.finish()).prefix(8)))
    }
}

/// What there is of one asset in one domain.
package struct PurseState: Hashable, Sendable {
    /// In the purse that is traded with.
    package let owned: UInt256
    /// Of that, what no open intent needs.
    package let available: UInt256
    /// Kept aside, less what open transfers take from it.
    package let reserve: UInt256
    /// What may still be moved today.
    package let dayRoom: UInt256
    package let isUnderWay: Bool
    package let restsUntil: Instant?

    package init(
        owned: UInt256, available: UInt256, reserve: UInt256, dayRoom: UInt256,
        isUnderWay: Bool = false, restsUntil: Instant? = nil
    ) {
        self.owned = owned
        self.available = available
        self.reserve = reserve
        self.dayRoom = dayRoom
        self.isUnderWay = isUnderWay
        self.restsUntil = restsUntil
    }
}

extension TreasuryPlan.Line {
    /// Judged by what is owned: what an open close has reserved comes back, or becomes something
    /// else when it ends, and only then is it missing.
    init(_ rule: PurseRule, _ purse: PurseState) {
        self.rule = rule
        self.purse = purse
        let isShort = purse.owned < rule.floor
        let wanted = isShort ? rule.target - purse.owned : .zero
        lacking = wanted.saturatingSubtract(purse.reserve)
        guard isShort || purse.owned > rule.ceiling else {
            outcome = .balanced
            return
        }
        if purse.isUnderWay {
            outcome = .underWay
        } else if let until = purse.restsUntil {
            outcome = .resting(until: until)
        } else {
            outcome = isShort ? Self.topUp(wanted, rule, purse) : Self.sweep(rule, purse)
        }
    }

    private static func topUp(
        _ wanted: UInt256, _ rule: PurseRule, _ purse: PurseState
    ) -> TreasuryPlan.Outcome {
        if purse.reserve.isZero { return .blocked(.reserveShort) }
        return moved(min(wanted, purse.reserve), .topUp, rule, purse)
    }

    /// What open intents have reserved stays where it is.
    private static func sweep(
        _ rule: PurseRule, _ purse: PurseState
    ) -> TreasuryPlan.Outcome {
        let amount = min(purse.owned - rule.target, purse.available)
        if amount.isZero { return .blocked(.inventoryReserved) }
        return moved(amount, .sweep, rule, purse)
    }

    private static func moved(
        _ amount: UInt256, _ direction: TransferDirection, _ rule: PurseRule, _ purse: PurseState
    ) -> TreasuryPlan.Outcome {
        let allowed = min(amount, rule.perTransferMax, purse.dayRoom)
        if allowed.isZero { return .blocked(.transfersPerDay) }
        return .due(
            ReserveTransfer(asset: rule.asset, amount: allowed, direction: direction))
    }

    fileprivate func rank(_ gasAsset: AssetID?) -> Rank {
        let isSweep = purse.owned >= rule.floor
        return Rank(order: rule.asset == gasAsset ? 0 : isSweep ? 2 : 1, asset: rule.asset)
    }

    package var facts: [DecisionFact] {
        [
            DecisionFact("owned", "\(purse.owned)"),
            DecisionFact("available", "\(purse.available)"),
            DecisionFact("reserve", "\(purse.reserve)"),
            DecisionFact("floor", "\(rule.floor)"), DecisionFact("target", "\(rule.target)"),
            DecisionFact("ceiling", "\(rule.ceiling)"),
            DecisionFact("leftToday", "\(purse.dayRoom)"),
        ] + (lacking.isZero ? [] : [DecisionFact("lacking", "\(lacking)")])
    }
}

private struct Rank: Comparable {
    let order: Int
    let asset: AssetID

    static func < (left: Rank, right: Rank) -> Bool {
        left.order == right.order ? left.asset < right.asset : left.order < right.order
    }
}
