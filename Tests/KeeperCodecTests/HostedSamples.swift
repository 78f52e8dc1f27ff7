import KeeperModel
import WideMath

/// Terms, accounts and closes of the protocols that the reference venue can host beside its own.
enum HostedSamples {
    static let terms: [MarketTerms] = [
        .morphoBlue(
            MorphoBlueTerms(
                market: MarketID("blue"), loan: AssetID("USD"), collateral: AssetID("WETH"),
                collateralDecimals: 18, lltvWad: .max, policy: ModelSamples.barePolicy)),
        .euler(
            EulerVaultTerms(
                market: MarketID("evault"), debt: AssetID("USD"), debtDecimals: 6,
                collaterals: [
                    EulerVaultTerms.Collateral(
                        asset: AssetID("WETH"), decimals: 18, initialBps: 9_000, targetBps: 8_500,
                        targetAtSeconds: .max, durationSeconds: 5)
                ], maxDiscountBps: 1_500, policy: ModelSamples.barePolicy)),
    ]

    static let accounts = positions.enumerated().map { number, position in
        AccountState(account: AccountID("h\(number)"), version: 3, position: position)
    }

    private static let held = [ScaledBalance(asset: AssetID("WETH"), scaledAmount: .max)]
    private static let positions: [AccountPosition] = [
        .euler(EulerPosition(collateral: held, owedExact: .max, accumulatorRay: 1))
    ]

    static let actions: [CloseAction] = [
        .purchase(
            LendingClose(
                repayAsset: AssetID("USD"), repayAmountMax: .max, seizeAsset: AssetID("WETH"),
                seizeAmountMin: 1, funding: .inventory, exit: .hold))
    ]
}
