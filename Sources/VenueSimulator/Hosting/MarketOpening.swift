import KeeperModel
import LiquidationRules
import WideMath

/// Something that can be held against debt, and what part of its worth counts.
struct CollateralKind {
    let asset: AssetID
    let decimals: UInt8
    let weightBps: UInt64
}

/// What is said of each protocol at the opening, and nowhere else.
extension MarketTerms {
    /// What a borrower of the market can hold; empty where nobody borrows.
    var kindsOfCollateral: [CollateralKind] {
        switch self {
        case .lending(let terms):
            terms.reserves.filter { $0.liquidationThresholdBps > 0 }.map {
                CollateralKind(
                    asset: $0.asset, decimals: $0.decimals, weightBps: $0.liquidationThresholdBps)
            }
        case .margin: []
        case .morphoBlue(let terms):
            [
                CollateralKind(
                    asset: terms.collateral, decimals: terms.collateralDecimals,
                    weightBps: bps(ofWad: terms.lltvWad))
            ]
        case .euler(let terms):
            terms.collaterals.map {
                CollateralKind(asset: $0.asset, decimals: $0.decimals, weightBps: $0.initialBps)
            }
        }
    }

    /// A position as the market keeps it.
    func opening(
        _ collateral: [ScaledBalance], owing debtUnits: UInt64, of quote: AssetID
    ) -> AccountPosition {
        func owing(_ scaledAmount: UInt256) -> AccountPosition {
            .lending(
                LendingPosition(
                    collateral: collateral,
                    debts: [ScaledBalance(asset: quote, scaledAmount: scaledAmount)]))
        }
        switch self {
        case .lending, .margin: return owing(UInt256(debtUnits))
        // Shares begin at a million for each unit.
        case .morphoBlue: return owing(UInt256(debtUnits) * 1_000_000)
        case .euler:
            return .euler(
                EulerPosition(
                    collateral: collateral, owedExact: UInt256(debtUnits) << 31,
                    accumulatorRay: ray))
        }
    }

    /// The market's figures before time has changed any.
    func openingFigures(_ accounts: [AccountState]) -> [MarketFigure] {
        switch self {
        case .lending, .margin: return []
        case .morphoBlue:
            let shares = accounts.reduce(UInt256.zero) { $0 + $1.position.scaledDebt }
            return [
                MarketFigure(.borrowAssets, shares / 1_000_000),
                MarketFigure(.borrowShares, shares),
            ]
        case .euler(let terms):
            return [MarketFigure(.accumulatorRay, ray)]
                + terms.collaterals.map {
                    MarketFigure(.vaultAssets, of: $0.asset, UInt256(1) << 100)
                }
        }
    }

    private func bps(ofWad share: UInt256) -> UInt64 {
        (share / 100_000_000_000_000).asUInt64 ?? 0
    }
}

extension AccountPosition {
    /// In the market's own unit; nothing for a position that owes nothing.
    var scaledDebt: UInt256 {
        switch self {
        case .lending(let position): position.debts.reduce(.zero) { $0 + $1.scaledAmount }
        case .euler(let position): position.owedExact
        case .margin: .zero
        }
    }
}
