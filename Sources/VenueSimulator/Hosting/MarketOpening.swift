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
        case .margin, .offers: []
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
        case .maker(let terms):
            [
                CollateralKind(
                    asset: terms.collateral, decimals: terms.collateralDecimals,
                    weightBps: bps(ofWad: ray * wad / terms.liquidationRatioRay))
            ]
        case .liquity(let terms):
            // Of the ratio below which the first version's whole system is in recovery.
            [
                CollateralKind(
                    asset: terms.collateral, decimals: 18,
                    weightBps: terms.version == .v1
                        ? 6_666 : bps(ofWad: wad * wad / terms.minimumRatioWad))
            ]
        case .compound(let terms):
            terms.collaterals.map {
                CollateralKind(
                    asset: $0.asset, decimals: $0.decimals,
                    weightBps: bps(ofWad: $0.liquidateFactorWad))
            }
        }
    }

    /// What else has a place among the accounts from the start.
    var openingPlaces: [AccountState] {
        guard case .compound(let terms) = self else { return [] }
        return terms.collaterals.map { collateral in
            AccountState(
                account: Self.storefront(of: collateral.asset), version: 1,
                position: .goods(GoodsPosition(asset: collateral.asset, quantity: .zero)))
        }
    }

    /// A position as the market keeps it.
    func opening(
        _ collateral: [ScaledBalance], owing debtUnits: UInt64, of quote: AssetID,
        at growth: Growth
    ) -> AccountPosition {
        func owing(_ scaledAmount: UInt256) -> AccountPosition {
            .lending(
                LendingPosition(
                    collateral: collateral,
                    debts: [ScaledBalance(asset: quote, scaledAmount: scaledAmount)]))
        }
        switch self {
        case .lending, .margin, .compound, .maker, .offers: return owing(UInt256(debtUnits))
        case .liquity(let terms):
            let held = collateral.reduce(UInt256.zero) { $0 + $1.scaledAmount }
            let isV1 = terms.version == .v1
            return .trove(
                TrovePosition(
                    collateral: held, debt: UInt256(debtUnits), stake: held,
                    collateralSnapshot: .zero, debtSnapshot: .zero,
                    annualRateWad: isV1 ? 0 : growth.ratePpmPerYear * 1_000_000_000_000,
                    debtUpdatedAtSeconds: isV1 ? 0 : growth.nowSeconds))
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
    func openingFigures(_ accounts: [AccountState], poolUnits: UInt64) -> [MarketFigure] {
        switch self {
        case .lending, .margin, .offers: return []
        case .morphoBlue:
            let shares = accounts.reduce(UInt256.zero) { $0 + $1.position.scaledDebt }
            return [
                MarketFigure(.borrowAssets, shares / 1_000_000),
                MarketFigure(.borrowShares, shares),
            ]
        case .liquity(let terms):
            let troves = accounts.compactMap { state -> TrovePosition? in
                if case .trove(let trove) = state.position { trove } else { nil }
            }
            let shared = [
                MarketFigure(.collateralShares, .zero), MarketFigure(.debtShares, .zero),
                MarketFigure(.poolDeposits, UInt256(poolUnits)),
            ]
            guard terms.version == .v1 else { return shared }
            return shared + [
                MarketFigure(.systemCollateral, troves.reduce(.zero) { $0 + $1.collateral }),
                MarketFigure(.systemDebt, troves.reduce(.zero) { $0 + $1.debt }),
            ]
        case .maker:
            return [MarketFigure(.rateRay, ray), MarketFigure(.auctioned, .zero)]
        case .compound: return [MarketFigure(.borrowIndex, 1_000_000_000_000_000)]
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
        case .trove(let position): position.debt
        case .margin, .goods, .auction, .offer: .zero
        }
    }
}
