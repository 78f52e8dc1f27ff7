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
        .compound(
            CompoundTerms(
                market: MarketID("comet"), base: AssetID("USD"), baseDecimals: 6,
                collaterals: [
                    CompoundTerms.Collateral(
                        asset: AssetID("WETH"), decimals: 18, liquidateFactorWad: .max,
                        liquidationFactorWad: 1)
                ], storefrontPriceFactorWad: 2)),
        maker(.linear(tauSeconds: .max)),
        maker(.stairstep(cutRay: .max, stepSeconds: .max)),
        maker(.exponential(cutRay: 5)),
        .liquity(
            LiquityTerms(
                market: MarketID("liquity"), version: .v1, collateral: AssetID("WETH"),
                debt: AssetID("USD"), minimumRatioWad: .max, gasReserve: 1, poolPenaltyWad: 2,
                redistributionPenaltyWad: 3)),
        .liquity(
            LiquityTerms(
                market: MarketID("liquity"), version: .v2, collateral: AssetID("WETH"),
                debt: AssetID("USD"), minimumRatioWad: .max, gasReserve: 1, poolPenaltyWad: 2,
                redistributionPenaltyWad: 3)),
        .offers(
            OfferTerms(
                market: MarketID("hidden"), allocation: .sealedBid,
                pay: AssetDescription(asset: AssetID("USD"), decimals: 6),
                assets: [AssetDescription(asset: AssetID("WETH"), decimals: 18)])),
    ]

    private static func maker(_ curve: MakerPriceCurve) -> MarketTerms {
        .maker(
            MakerVaultTerms(
                market: MarketID("eth-a"), collateral: AssetID("WETH"), collateralDecimals: 18,
                debt: AssetID("USD"), liquidationRatioRay: .max, chopWad: 1, dustUnits: 2,
                holeUnits: 3,
                auction: MakerVaultTerms.Auction(
                    startFactorRay: .max, curve: curve, tailSeconds: 1, cuspRay: 2,
                    tipUnits: 3, chipWad: 4)))
    }

    static let accounts = positions.enumerated().map { number, position in
        AccountState(account: AccountID("h\(number)"), version: 3, position: position)
    }

    private static let held = [ScaledBalance(asset: AssetID("WETH"), scaledAmount: .max)]
    private static let positions: [AccountPosition] = [
        .euler(EulerPosition(collateral: held, owedExact: .max, accumulatorRay: 1)),
        .goods(GoodsPosition(asset: AssetID("WETH"), quantity: .max)),
        .auction(AuctionPosition(tab: .max, lot: 1, topRay: 2, startedAtSeconds: .max)),
        .trove(
            TrovePosition(
                collateral: .max, debt: 1, stake: 2, collateralSnapshot: 3, debtSnapshot: 4,
                annualRateWad: .max, debtUpdatedAtSeconds: .max)),
        .offer(
            OfferPosition(
                payAmount: .max, takeAsset: AssetID("WETH"), takeAmount: 1, closesAtHeight: 2,
                expiresAtHeight: .max)),
        .offer(
            OfferPosition(
                payAmount: 1, takeAsset: AssetID("WETH"), takeAmount: .max, closesAtHeight: nil,
                expiresAtHeight: 0)),
    ]

    /// What a venue that hides accounts sends.
    static let offers = OfferAllocation.allCases.map { allocation in
        MarketOffers(
            market: MarketID("hidden"),
            offers: [
                PublishedOffer(
                    market: MarketID("hidden"), id: AccountID("offer-1"), version: .max,
                    payAsset: AssetID("USD"), allocation: allocation,
                    position: OfferPosition(
                        payAmount: .max, takeAsset: AssetID("WETH"), takeAmount: 1,
                        closesAtHeight: allocation == .sealedBid ? 3 : nil, expiresAtHeight: 4))
            ], withdrawn: [AccountID("offer-2")])
    }

    static let actions: [CloseAction] = [
        .purchase(
            LendingClose(
                repayAsset: AssetID("USD"), repayAmountMax: .max, seizeAsset: AssetID("WETH"),
                seizeAmountMin: 1, funding: .inventory, exit: .hold)),
        .push(
            PushClose(
                rewardMin: [AssetAmount(asset: AssetID("WETH"), amount: .max)],
                exit: .sell(proceedsMin: 1))),
        .sequence([
            LendingClose(
                repayAsset: AssetID("USD"), repayAmountMax: 7, seizeAsset: AssetID("WETH"),
                seizeAmountMin: 1, funding: .flash(premiumMax: 2), exit: .sell(proceedsMin: 9)),
            LendingClose(
                repayAsset: AssetID("USD"), repayAmountMax: .max, seizeAsset: AssetID("WBTC"),
                seizeAmountMin: 1, funding: .inventory, exit: .hold),
        ]),
        .transfer(ReserveTransfer(asset: AssetID("USD"), amount: .max, direction: .sweep)),
    ]
}
