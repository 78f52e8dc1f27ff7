import KeeperModel
import Referee
import WideMath

/// What the protocol says of an account without debt.
private let wordMax = Rational(UInt256.max)

/// Health of the generations that the vectors tell apart.
func aaveHealthAnswer(_ inputs: Figures) throws -> Answer? {
    func account(_ generation: AaveGeneration) throws -> Answer {
        let account = AaveAccount(
            generation: generation,
            collateral: try inputs.list("collaterals").map {
                try $0.aaveBalance(
                    index: "liquidityIndex", thresholdBps: try $0.number("liqThresholdBps"))
            },
            debts: try inputs.list("debts").map {
                try $0.aaveBalance(index: "variableBorrowIndex", thresholdBps: 0)
            })
        return .object([
            ("totalCollateralBase", .number(account.collateralValue)),
            ("totalDebtBase", .number(account.debtValue)),
            ("avgLiquidationThreshold", .number(account.averageThresholdBps)),
            ("healthFactor", .number(account.healthWad ?? wordMax)),
        ])
    }
    return .object([
        ("v3_5_and_later", try account(.v3_7)), ("v3_0_to_v3_4", try account(.v3_3)),
    ])
}

func aaveCloseAnswer(_ inputs: Figures) throws -> Answer? {
    guard inputs.has("colScaled") else { return nil }
    return .object(
        try [
            ("v3_0_to_3_2", AaveGeneration.v3_0), ("v3_3_to_3_4", .v3_3), ("v3_5_to_3_6", .v3_5),
            ("v3_7", .v3_7),
        ].map { name, generation in (name, try closeAnswer(inputs, generation)) })
}

private func closeAnswer(_ inputs: Figures, _ generation: AaveGeneration) throws -> Answer {
    let close = try inputs.aaveClose(generation)
    let figures = close.figures
    var answer: [(String, Answer)] = [
        ("borrowerCollateralBalance", .number(close.held)),
        ("borrowerReserveDebt", .number(close.owed)),
        ("maxLiquidatableDebt", .number(close.repayMax)),
        ("baseCollateral", .number(figures.baseCollateral)),
        ("maxCollateralToLiquidate", .number(figures.seizedMax)),
        ("actualDebtToLiquidate", .number(figures.repaid)),
        ("collateralToLiquidator", .number(figures.seizedNet)),
        ("liquidationProtocolFee", .number(figures.fee)),
    ]
    guard generation != .v3_0 else { return .object(answer) }
    if let leftover = figures.leftover {
        answer.append(("leftoverDebtBase", .number(leftover.debt)))
        answer.append(("leftoverCollateralBase", .number(leftover.collateral)))
    }
    if let consumed = figures.scaledConsumed {
        answer.append(("scaledConsumedUncapped", .number(consumed)))
    }
    let deficit = figures.isCollateralExhausted ? close.owed - figures.repaid : 0
    answer += [
        ("revert", close.refusal == .leavesDust ? .text("MustNotLeaveDust") : .number(nil)),
        ("hasNoCollateralLeft", .flag(figures.isCollateralExhausted)),
        ("deficitCreated", .number(deficit)),
    ]
    return .object(answer)
}

extension Figures {
    fileprivate func aaveBalance(index: String, thresholdBps: Rational) throws -> AaveBalance {
        AaveBalance(
            asset: path, scaled: try number("scaled"), index: try number(index),
            price: try number("price"), tokenUnit: try tokenUnit("decimals"),
            thresholdBps: thresholdBps, bonusBps: 10_000, feeBps: 0)
    }

    private func tokenUnit(_ key: String) throws -> Rational {
        .powerOfTen(UInt8(clamping: try integer(key)))
    }

    fileprivate func aaveClose(_ generation: AaveGeneration) throws -> AaveClose {
        AaveClose(
            generation: generation,
            collateral: AaveBalance(
                asset: "collateral", scaled: try number("colScaled"),
                index: try number("colIndex"), price: try number("colPrice"),
                tokenUnit: try tokenUnit("colDec"), thresholdBps: 1,
                bonusBps: try number("bonus"), feeBps: try number("fee")),
            debt: AaveBalance(
                asset: "debt", scaled: try number("debtScaled"), index: try number("debtIndex"),
                price: try number("debtPrice"), tokenUnit: try tokenUnit("debtDec"),
                thresholdBps: 0, bonusBps: 10_000, feeBps: 0),
            collateralTotal: try number("totalCollBase"), debtTotal: try number("totalDebtBase"),
            healthWad: try number("hf"), debtToCover: try number("debtToCover"),
            baseUnit: .powerOfTen(8))
    }
}
