package import KeeperModel
package import LiquidationRules
import WideMath

/// What the rules let anybody do with an account now. Rivals know no more than this, and no
/// strategy: they and ours share the rules and nothing above them.
package enum PlainOffer: Sendable {
    /// Something is paid and collateral taken for it.
    case trade(any CollateralTrade)
    case push(PushOffer)
    /// So many lots of a position in breach.
    case lots(Int64, of: AssetID, PositionSide)
}

extension RulesHost {
    package func healthWad(of published: AccountPosition) -> UInt256? {
        rules.position(from: published).map { rules.healthWad($0) }
    }

    /// The account as the rules hold it, where they let it be closed.
    func eligible(_ published: AccountPosition) -> Rules.Position? {
        rules.position(from: published).flatMap { rules.isLiquidatable($0) ? $0 : nil }
    }
}

extension RepayHost {
    package func offers(on published: AccountPosition) -> [PlainOffer] {
        eligible(published).flatMap { rules.trades(of: $0) }.map { $0.map { .trade($0) } } ?? []
    }
}

extension CometHost {
    package func offers(on published: AccountPosition) -> [PlainOffer] {
        guard let position = eligible(published) else { return [] }
        return (rules.trades(of: position) ?? []).map { .trade($0) }
            + (rules.push(of: position).map { [.push($0)] } ?? [])
    }
}

extension MakerHost {
    package func offers(on published: AccountPosition) -> [PlainOffer] {
        guard let position = eligible(published) else { return [] }
        return (rules.trades(of: position) ?? []).map { .trade($0) }
            + (rules.push(of: position).map { [.push($0)] } ?? [])
    }
}

extension LiquityHost {
    package func offers(on published: AccountPosition) -> [PlainOffer] {
        eligible(published).flatMap { rules.push(of: $0) }.map { [.push($0)] } ?? []
    }
}

extension MarginHost {
    package func offers(on published: AccountPosition) -> [PlainOffer] {
        guard let position = eligible(published) else { return [] }
        return [.lots(position.lots, of: rules.terms.asset, position.side)]
    }
}
