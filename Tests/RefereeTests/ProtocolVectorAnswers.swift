import Referee

func morphoAnswer(_ inputs: Figures) throws -> Answer? {
    func market(price: Rational) throws -> MorphoMarket {
        MorphoMarket(
            lltv: try inputs.number("lltv"), price: price,
            supplied: inputs.has("tsa") ? try inputs.number("tsa") : 0,
            borrowed: inputs.has("tba") ? try inputs.number("tba") : 0,
            borrowShares: inputs.has("tbs") ? try inputs.number("tbs") : 0)
    }
    guard inputs.has("lltv") else { return nil }
    guard inputs.has("price") else {
        return .object([("lif", .number(try market(price: 1).incentiveFactor))])
    }
    let before = try market(price: try inputs.number("price"))
    let position = MorphoPosition(
        collateral: try inputs.number("coll"), borrowShares: try inputs.number("bShares"))
    let request =
        inputs.has("seized")
        ? MorphoRequest.seizing(try inputs.number("seized"))
        : .repaying(shares: try inputs.number("repaidShares"))
    guard let close = MorphoClose(request, position, before) else { return nil }
    return .object([
        ("borrowed", .number(position.owed(in: before))),
        ("maxBorrow", .number(position.borrowMax(in: before))),
        ("healthy", .flag(!position.isEligible(in: before))),
        ("lif", .number(before.incentiveFactor)), ("seizedAssets", .number(close.seized)),
        ("repaidShares", .number(close.repaidShares)), ("repaidAssets", .number(close.repaid)),
        ("badDebtShares", .number(close.badDebtShares)),
        ("badDebtAssets", .number(close.badDebt)),
        (
            "after",
            .object([
                ("borrowShares", .number(close.positionAfter.borrowShares)),
                ("collateral", .number(close.positionAfter.collateral)),
                ("totalBorrowAssets", .number(close.marketAfter.borrowed)),
                ("totalBorrowShares", .number(close.marketAfter.borrowShares)),
                ("totalSupplyAssets", .number(close.marketAfter.supplied)),
            ])
        ),
    ])
}

func cometAnswer(_ inputs: Figures) throws -> Answer? {
    if inputs.has("spf") {
        let quote = CometQuote(
            baseAmount: try inputs.number("baseAmount"), basePrice: try inputs.number("basePrice"),
            baseScale: try inputs.number("baseScale"), assetPrice: try inputs.number("assetPrice"),
            assetScale: try inputs.number("assetScale"),
            liquidationFactor: try inputs.number("lf"),
            storeFrontFactor: try inputs.number("spf"))
        return .object([
            ("discountFactor", .number(quote.discount)),
            ("assetPriceDiscounted", .number(quote.discountedPrice)),
            ("collateralAmount", .number(quote.amount)),
        ])
    }
    guard inputs.has("principal") else { return nil }
    let account = CometAccount(
        principal: try inputs.number("principal"),
        supplyIndex: inputs.has("baseSupplyIndex") ? try inputs.number("baseSupplyIndex") : 1,
        borrowIndex: try inputs.number("baseBorrowIndex"),
        basePrice: try inputs.number("basePrice"), baseScale: try inputs.number("baseScale"),
        collateral: try inputs.list("collaterals").map { try $0.cometCollateral() })
    guard inputs.has("baseSupplyIndex") else {
        return .object([
            ("isLiquidatable", .flag(account.isEligible)),
            ("finalLiquidity", .number(account.liquidity)),
        ])
    }
    let absorbed = CometAbsorption(of: account)
    return .object([
        ("oldBalance", .number(account.balance)), ("deltaValue", .number(absorbed.deltaValue)),
        ("deltaBalance", .number(absorbed.deltaBalance)),
        ("newBalance", .number(absorbed.balanceAfter)),
        ("newPrincipal", .number(absorbed.principalAfter)),
        ("basePaidOut", .number(absorbed.basePaidOut)),
        ("usdValueBasePaidOut", .number(absorbed.valuePaidOut)),
        ("collateralUsdValues", .list(account.collateral.map { .number($0.value) })),
        ("badDebtAbsorbedByReserves", .flag(absorbed.isBadDebt)),
    ])
}

extension Figures {
    fileprivate func cometCollateral() throws -> CometCollateral {
        CometCollateral(
            balance: try number("balance"), price: try number("price"),
            scale: try number("scale"),
            liquidateFactor: has("liquidateCollateralFactor")
                ? try number("liquidateCollateralFactor") : 0,
            liquidationFactor: has("liquidationFactor") ? try number("liquidationFactor") : 0)
    }
}

func eulerAnswer(_ inputs: Figures) throws -> Answer? {
    let values = zip(try inputs.list("collateralMidValues"), try inputs.list("ltvBps"))
    let account = EulerAccount(
        collateral: try values.map { (value: try $0.number, ltvBps: try $1.number) },
        liability: try inputs.number("liabilityValue"))
    let limits = EulerLimits(
        account, debt: try inputs.number("debtAssets"),
        seizedBalance: try inputs.number("collateralBalance"),
        seizedValue: try inputs.number("seizedCollateralMidValue"),
        discountMaxBps: try inputs.number("maxLiquidationDiscountBps"))
    return .object([
        ("collateralAdjustedValue", .number(account.adjustedValue)),
        ("discountFactor", .number(limits.discountFactor)),
        ("minDiscountFactor", .number(limits.discountFactorMin)),
        ("maxRepay", .number(limits.repayMax)), ("maxYield", .number(limits.yieldMax)),
    ])
}

func liquityAnswer(_ inputs: Figures) throws -> Answer? {
    guard inputs.has("coll") else { return nil }
    let trove = Trove(debt: try inputs.number("debt"), collateral: try inputs.number("coll"))
    if inputs.has("boldInSPForOffsets") {
        let closed = TroveLiquidation(
            v2: trove, poolForOffsets: try inputs.number("boldInSPForOffsets"),
            price: try inputs.number("price"),
            poolPenalty: try inputs.number("liquidationPenaltySP"),
            redistributionPenalty: try inputs.number("liquidationPenaltyRedistribution"))
        return .object(closed.shared + [("collSurplus", .number(closed.surplus))])
    }
    if inputs.has("sp") {
        let closed = TroveLiquidation(v1: trove, pool: try inputs.number("sp"))
        return .object(
            closed.shared + [("lusdGasCompensation", .number(200 * Rational.powerOfTen(18)))])
    }
    let price = try inputs.number("price")
    let minimum = Rational.powerOfTen(16) * 110
    guard trove.isCappedCase(price) else { return trove.ratioAnswer(at: price, minimum) }
    let closed = TroveLiquidation(v1Capped: trove, price: price, minimumRatio: minimum)
    return .object([
        ("cappedColl", .number(closed.collateralToPool + closed.gasCompensation)),
        ("collGasCompensation", .number(closed.gasCompensation)),
        ("collToSendToSP", .number(closed.collateralToPool)),
        ("collSurplus", .number(closed.surplus)),
    ])
}

extension Trove {
    /// The vectors' question about the capped offset is the one of a trove at 120 %.
    fileprivate func isCappedCase(_ price: Rational) -> Bool {
        ratio(at: price) == Rational.powerOfTen(16) * 120
    }

    fileprivate func ratioAnswer(at price: Rational, _ minimum: Rational) -> Answer {
        .object([
            ("icr", .number(ratio(at: price))),
            ("liquidatable", .flag(isEligible(at: price, minimumRatio: minimum))),
        ])
    }
}

extension TroveLiquidation {
    fileprivate var shared: [(String, Answer)] {
        [
            ("collGasCompensation", .number(gasCompensation)),
            ("debtToOffset", .number(debtOffset)), ("collToSendToSP", .number(collateralToPool)),
            ("debtToRedistribute", .number(debtRedistributed)),
            ("collToRedistribute", .number(collateralRedistributed)),
        ]
    }
}

func makerAnswer(_ inputs: Figures) throws -> Answer? {
    if inputs.has("ink") { return try barkAnswer(inputs) }
    if inputs.has("amt") { return try takeAnswer(inputs) }
    guard inputs.has("top") else { return nil }
    let curve: MakerCurve
    if inputs.has("tau") {
        curve = .linear(tau: try inputs.number("tau"))
    } else if inputs.has("step") {
        curve = .stairs(
            step: UInt64(clamping: try inputs.integer("step")), cut: try inputs.number("cut"))
    } else {
        curve = .exponential(cut: try inputs.number("cut"))
    }
    let price = curve.price(
        top: try inputs.number("top"), elapsed: UInt64(clamping: try inputs.integer("dur")))
    return .object([("price", .number(price))])
}

private func barkAnswer(_ inputs: Figures) throws -> Answer {
    let room = min(
        try inputs.number("Hole") - (try inputs.number("Dirt")),
        try inputs.number("hole") - (try inputs.number("dirt")))
    let bark = try MakerBark.of(
        MakerUrn(ink: try inputs.number("ink"), art: try inputs.number("art")),
        spot: try inputs.number("spot"), rate: try inputs.number("rate"),
        dust: try inputs.number("dust"), chop: try inputs.number("chop"), room: room
    ).get()
    return .object([
        ("room", .number(bark.room)), ("dart", .number(bark.dart)), ("dink", .number(bark.dink)),
        ("due", .number(bark.due)), ("tab", .number(bark.tab)),
    ])
}

private func takeAnswer(_ inputs: Figures) throws -> Answer {
    let result = MakerTake.of(
        amount: try inputs.number("amt"), tab: try inputs.number("tab"),
        lot: try inputs.number("lot"), price: try inputs.number("price"),
        chost: try inputs.number("chost"))
    switch result {
    case .failure(let refused):
        return .object([("revert", .text(refused.refusal.rawValue))])
    case .success(let take):
        return .object([
            ("slice", .number(take.slice)), ("owe", .number(take.owe)),
            ("tabAfter", .number(take.tabAfter)), ("lotAfter", .number(take.lotAfter)),
            ("closed", .flag(take.isClosed)),
            ("collateralReturnedToUsr", .number(take.returned)),
            ("badDebt", .number(take.badDebt)),
        ])
    }
}
