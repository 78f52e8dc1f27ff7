import KeeperModel
import LiquidationRules
import WideMath

/// What the owner of an account can do with it.
package enum CustomerAct: String, Hashable, Sendable, CaseIterable {
    case topUp = "top-up"
    case repay
    case withdraw
    case borrowMore = "borrow-more"
    case panicRepay = "panic-repay"

    /// Whether it makes the account safer.
    var isRescue: Bool {
        switch self {
        case .topUp, .repay, .panicRepay: true
        case .withdraw, .borrowMore: false
        }
    }
}

/// An account after its owner's act, the market's figures, and what had to move for it.
struct CustomerChange {
    let position: AccountPosition
    var figures: [MarketFigure] = []
    let moved: AssetAmount
    /// Into the market's pool, or out of it.
    let isIntoPool: Bool
}

/// Works out an act in each protocol's own form. A share says how much of what is there.
struct CustomerDesk {
    let terms: MarketTerms
    let figures: [MarketFigure]
    let quote: AssetID
    let sharePpm: UInt64

    /// Nil where an account of this form cannot do that.
    func change(_ act: CustomerAct, of position: AccountPosition) -> CustomerChange? {
        switch (act, position) {
        case (.topUp, .margin(let held)), (.withdraw, .margin(let held)):
            return margin(held, isIntoPool: act == .topUp)
        case (.topUp, .trove(let trove)):
            return topped(trove)
        case (.topUp, .lending(let held)):
            return collateral(held.collateral, isIntoPool: true) {
                .lending(LendingPosition(collateral: $0, debts: held.debts))
            }
        case (.withdraw, .lending(let held)):
            return collateral(held.collateral, isIntoPool: false) {
                .lending(LendingPosition(collateral: $0, debts: held.debts))
            }
        case (.topUp, .euler(let held)), (.withdraw, .euler(let held)):
            return collateral(held.collateral, isIntoPool: act == .topUp) {
                .euler(
                    EulerPosition(
                        collateral: $0, owedExact: held.owedExact,
                        accumulatorRay: held.accumulatorRay))
            }
        case (.repay, .lending(let held)), (.panicRepay, .lending(let held)):
            return debt(held, isRepaid: true, ppm: act == .panicRepay ? 1_000_000 : sharePpm)
        case (.borrowMore, .lending(let held)):
            return debt(held, isRepaid: false, ppm: sharePpm)
        default: return nil
        }
    }

    // MARK: Collateral

    private func collateral(
        _ held: [ScaledBalance], isIntoPool: Bool,
        _ position: ([ScaledBalance]) -> AccountPosition
    ) -> CustomerChange? {
        guard let first = held.first else { return nil }
        let part = share(first.scaledAmount)
        guard !part.isZero, part < first.scaledAmount else { return nil }
        let after = isIntoPool ? first.scaledAmount + part : first.scaledAmount - part
        let changed = ScaledBalance(asset: first.asset, scaledAmount: after)
        return CustomerChange(
            position: position([changed] + held.dropFirst()),
            moved: AssetAmount(asset: first.asset, amount: part), isIntoPool: isIntoPool)
    }

    private func margin(_ held: MarginPosition, isIntoPool: Bool) -> CustomerChange? {
        guard held.marginUnits > 0, let part = share(UInt256(UInt64(held.marginUnits))).asInt64,
            part > 0
        else { return nil }
        var after = held
        after.marginUnits += isIntoPool ? part : -part
        return CustomerChange(
            position: .margin(after),
            moved: AssetAmount(asset: quote, amount: UInt256(UInt64(part))),
            isIntoPool: isIntoPool)
    }

    /// The stake says what part of redistributions a trove gets; it is left as it was.
    private func topped(_ trove: TrovePosition) -> CustomerChange? {
        guard case .liquity(let liquity) = terms else { return nil }
        let part = share(trove.collateral)
        guard !part.isZero else { return nil }
        var after = trove
        after.collateral += part
        let system = figures.filter { $0.name == .systemCollateral }
        return CustomerChange(
            position: .trove(after),
            figures: system.map { MarketFigure($0.name, of: $0.asset, $0.value + part) },
            moved: AssetAmount(asset: liquity.collateral, amount: part), isIntoPool: true)
    }

    // MARK: Debt

    private func debt(
        _ held: LendingPosition, isRepaid: Bool, ppm: UInt64
    ) -> CustomerChange? {
        guard let owed = held.debts.first, held.debts.count == 1, owed.asset == quote,
            let index = DebtIndex(terms, figures, owed.asset)
        else { return nil }
        let part = min(
            owed.scaledAmount, owed.scaledAmount * UInt256(ppm) / UInt256(1_000_000))
        // Whoever repays pays for the rounding, whoever borrows gets less for it.
        guard !part.isZero,
            let amount = index.amount(ofScaled: part, rounding: isRepaid ? .up : .down),
            !amount.isZero
        else { return nil }
        let after = isRepaid ? owed.scaledAmount - part : owed.scaledAmount + part
        let debts = after.isZero ? [] : [ScaledBalance(asset: owed.asset, scaledAmount: after)]
        return CustomerChange(
            position: .lending(LendingPosition(collateral: held.collateral, debts: debts)),
            figures: index.totals(after: part, worth: amount, isRepaid: isRepaid),
            moved: AssetAmount(asset: owed.asset, amount: amount), isIntoPool: isRepaid)
    }

    private func share(_ amount: UInt256) -> UInt256 {
        amount * UInt256(sharePpm) / UInt256(1_000_000)
    }
}

/// What one unit of a debt, as its protocol keeps it, comes to now.
private struct DebtIndex {
    let numerator: UInt256
    let denominator: UInt256
    /// What a market of Morpho Blue counts over everybody.
    let borrowed: (assets: UInt256, shares: UInt256)?

    init?(_ terms: MarketTerms, _ figures: [MarketFigure], _ asset: AssetID) {
        func figure(_ name: FigureName) -> UInt256? { figures.first { $0.name == name }?.value }
        var borrowed: (assets: UInt256, shares: UInt256)?
        switch terms {
        case .lending:
            let grown = figures.first {
                $0.name == .variableBorrowIndexRay && $0.asset == asset
            }
            (numerator, denominator) = (grown?.value ?? ray, ray)
        case .compound:
            let one: UInt256 = 1_000_000_000_000_000
            (numerator, denominator) = (figure(.borrowIndex) ?? one, one)
        case .maker:
            (numerator, denominator) = (figure(.rateRay) ?? ray, ray)
        case .morphoBlue:
            guard let assets = figure(.borrowAssets), let shares = figure(.borrowShares) else {
                return nil
            }
            borrowed = (assets, shares)
            (numerator, denominator) = (assets + .one, shares + UInt256(1_000_000))
        case .margin, .euler, .liquity, .offers: return nil
        }
        self.borrowed = borrowed
    }

    /// Nil where it does not fit.
    func amount(ofScaled scaled: UInt256, rounding: Rounding) -> UInt256? {
        // A debt that does not fit cannot be repaid on the chain either.
        try? mulDiv(scaled, numerator, dividingBy: denominator, rounding: rounding)
    }

    func totals(after scaled: UInt256, worth amount: UInt256, isRepaid: Bool) -> [MarketFigure] {
        guard let borrowed else { return [] }
        let assets =
            isRepaid ? borrowed.assets.saturatingSubtract(amount) : borrowed.assets + amount
        let shares =
            isRepaid ? borrowed.shares.saturatingSubtract(scaled) : borrowed.shares + scaled
        return [MarketFigure(.borrowAssets, assets), MarketFigure(.borrowShares, shares)]
    }
}
