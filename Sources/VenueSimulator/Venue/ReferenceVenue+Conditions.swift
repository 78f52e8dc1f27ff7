package import KeeperModel
import LiquidationRules
import WideMath

/// What an oracle says of an asset while it is not itself.
package enum OracleTrouble: Hashable, Sendable {
    /// Nothing, up to and without this height.
    case silent(untilHeight: UInt64)
    /// So many ppm of the truth, up to and without this height.
    case lying(factorPpm: UInt64, untilHeight: UInt64)

    var untilHeight: UInt64 {
        switch self {
        case .silent(let height), .lying(_, let height): height
        }
    }
}

/// What a venue may change while it runs: switches, terms, and an oracle that fails.
extension ReferenceVenue {
    // MARK: Terms

    /// Puts other terms in the place of a market's; its accounts, figures and prices stay. False
    /// for terms that no rules can be made of.
    package mutating func change(_ terms: MarketTerms) -> Bool {
        guard markets[terms.market] != nil, var host = terms.host else { return false }
        host.take(figures[terms.market] ?? [])
        for asset in lastUpdates.keys.sorted() {
            if let update = lastUpdates[asset] { host.publish(update) }
        }
        markets[terms.market] = host
        termsVersion += 1
        return true
    }

    /// As they are now.
    package var terms: [MarketTerms] { scenario.markets.compactMap { markets[$0]?.terms } }

    // MARK: Oracles

    package mutating func trouble(_ asset: AssetID, with trouble: OracleTrouble) {
        oracleTroubles[asset] = trouble
    }

    package func oracleTrouble(of asset: AssetID) -> OracleTrouble? {
        oracleTroubles[asset].flatMap { $0.untilHeight > height ? $0 : nil }
    }

    /// What the oracle says where this is the truth; nil where it says nothing.
    func spoken(_ truth: UInt64, of asset: AssetID) -> UInt64? {
        switch oracleTrouble(of: asset) {
        case nil: return truth
        case .silent: return nil
        case .lying(let factorPpm, _):
            let product = truth.multipliedFullWidth(by: factorPpm)
            guard product.high < 1_000_000 else { return truth }
            return max(1, UInt64(1_000_000).dividingFullWidth(product).quotient)
        }
    }

    // MARK: What others did

    func observed(
        _ plan: ClosePlan, by keeper: String, _ receipt: CloseReceipt
    ) -> ObservedClose {
        receipt.observed(of: plan.target, by: keeper, at: height)
    }
}
