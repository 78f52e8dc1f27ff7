import KeeperModel
import WideMath

/// Terms, accounts and closes of the protocols that the reference venue can host beside its own.
enum HostedSamples {
    static let terms: [MarketTerms] = [
        .morphoBlue(
            MorphoBlueTerms(
                market: MarketID("blue"), loan: AssetID("USD"), collateral: AssetID("WETH"),
                collateralDecimals: 18, lltvWad: .max, policy: ModelSamples.barePolicy))
    ]

    static let accounts: [AccountState] = []

    static let actions: [CloseAction] = [
        .purchase(
            LendingClose(
                repayAsset: AssetID("USD"), repayAmountMax: .max, seizeAsset: AssetID("WETH"),
                seizeAmountMin: 1, funding: .inventory, exit: .hold))
    ]
}
