import KeeperModel
import WideMath

/// What a close may never do: make or lose a unit. Asked after every one, in every protocol.
///
/// Custody moves assets between holders and cannot change a total. What it cannot know is whether
/// the accounts say the same, so each unit of collateral that accounts gave up has to have left
/// the market's pool, and each that they got has to have come.
struct Conservation {
    private let terms: MarketTerms
    private let assets: [AssetID]
    private let before: Custody

    init(of terms: MarketTerms, assets: [AssetID], before: Custody) {
        self.terms = terms
        self.assets = assets
        self.before = before
    }

    func require(_ after: Custody, given old: [AccountPosition], taken new: [AccountPosition]) {
        for asset in assets {
            precondition(
                before.total(of: asset) == after.total(of: asset),
                "A close moves \(asset) and makes none")
            let pool = Holder.pool(terms.market)
            precondition(
                before.balance(of: pool, asset) + held(new, asset)
                    == after.balance(of: pool, asset) + held(old, asset),
                "The pool of \(terms.market) holds the \(asset) that its accounts say it holds")
        }
    }

    private func held(_ positions: [AccountPosition], _ asset: AssetID) -> UInt256 {
        positions.reduce(.zero) { $0 + $1.collateral(of: asset, in: terms) }
    }
}

extension AccountPosition {
    /// How much of an asset lies in the market's pool for it. No index grows on collateral here,
    /// so balances are amounts.
    func collateral(of asset: AssetID, in terms: MarketTerms) -> UInt256 {
        switch self {
        case .lending(let position):
            position.collateral.reduce(.zero) { $1.asset == asset ? $0 + $1.scaledAmount : $0 }
        case .euler(let position):
            position.collateral.reduce(.zero) { $1.asset == asset ? $0 + $1.scaledAmount : $0 }
        // What redistributions will add still lies with them.
        case .trove(let position): terms.collateralOfTroves == asset ? position.collateral : .zero
        case .goods(let position): position.asset == asset ? position.quantity : .zero
        case .auction(let position):
            terms.collateralOfAuctions == asset ? position.lot : .zero
        case .offer(let offer): offer.takeAsset == asset ? offer.takeAmount : .zero
        case .margin: .zero
        }
    }
}

extension MarketTerms {
    /// A trove does not say what its collateral is: its market does.
    fileprivate var collateralOfTroves: AssetID? {
        if case .liquity(let terms) = self { terms.collateral } else { nil }
    }

    fileprivate var collateralOfAuctions: AssetID? {
        if case .maker(let terms) = self { terms.collateral } else { nil }
    }
}
