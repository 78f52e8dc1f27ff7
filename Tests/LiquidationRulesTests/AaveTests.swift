import KeeperModel
import KeeperTestKit
import LiquidationRules
import Testing
import WideMath

@Suite struct AaveTests {
    static func reserve(
        _ name: String, decimals: UInt8, price: UInt256, thresholdBps: UInt64 = 8_300,
        indexRay: UInt256 = ray
    ) -> AaveReserve {
        AaveReserve(
            terms: ReserveTerms(
                asset: AssetID(name), decimals: decimals, liquidationThresholdBps: thresholdBps,
                liquidationBonusBps: 10_500, protocolFeeBps: 1_000),
            liquidityIndexRay: indexRay, variableBorrowIndexRay: indexRay, price: price)
    }

    static let ether = reserve("WETH", decimals: 18, price: 200_000_000_000)
    static let dollar = reserve("USDC", decimals: 6, price: 100_000_000)

    static func position(ether amount: UInt256, dollars: UInt256) -> AavePosition {
        AavePosition(
            collateral: [AaveHolding(reserve: ether, scaledAmount: amount)],
            debts: [AaveHolding(reserve: dollar, scaledAmount: dollars)])
    }

    static func close(
        _ position: AavePosition, _ generation: AaveGeneration, cover: UInt256 = .max
    ) throws -> AaveClose {
        AaveClose(
            generation: generation, baseUnit: 100_000_000,
            collateral: try #require(position.collateral.first),
            debt: try #require(position.debts.first), debtToCover: cover)
    }

    @Test(arguments: AaveGeneration.allCases)
    func `a health factor of exactly one cannot be closed`(generation: AaveGeneration) throws {
        let safe = Self.position(ether: 10 * wad, dollars: 16_600_000_000)
        let data = try safe.accountData(generation)
        #expect(data.healthFactorWad == wad)
        #expect(
            try Self.close(safe, generation).refusal(account: data)
                == .healthFactorNotBelowThreshold)
        let unsafe = Self.position(ether: 10 * wad, dollars: 16_600_000_001)
        #expect(try unsafe.accountData(generation).isLiquidatable)
    }

    @Test func `nothing owed is perfect health`() throws {
        let idle = AavePosition(
            collateral: [AaveHolding(reserve: Self.ether, scaledAmount: wad)], debts: [])
        for generation in AaveGeneration.allCases {
            #expect(try idle.accountData(generation).healthFactorWad == UInt256.max)
        }
    }

    /// A venue that counts in millionths has its thresholds at 2000e6 and 1000e6.
    @Test func `the size thresholds follow the base unit`() throws {
        let ether = Self.reserve("WETH", decimals: 18, price: 2_000_000_000)
        let dollar = Self.reserve("USDC", decimals: 6, price: 1_000_000)
        let position = AavePosition(
            collateral: [AaveHolding(reserve: ether, scaledAmount: 10 * wad)],
            debts: [AaveHolding(reserve: dollar, scaledAmount: 17_000_000_000)])
        let data = try position.accountData(.v3_7)
        func debtMax(_ baseUnit: UInt64) throws -> UInt256 {
            try AaveClose(
                generation: .v3_7, baseUnit: baseUnit, collateral: position.collateral[0],
                debt: position.debts[0], debtToCover: .max
            ).quote(account: data).maxLiquidatableDebt
        }
        #expect(try debtMax(1_000_000) == 8_500_000_000)
        #expect(try debtMax(100_000_000) == 17_000_000_000)
    }

    @Test func `a close that exhausts the collateral writes off the debt that is left`() throws {
        let ruined = Self.position(ether: wad, dollars: 3_000_000_000)
        let close = try Self.close(ruined, .v3_7)
        let quote = try close.quote(account: ruined.accountData(.v3_7))
        #expect(quote.hasNoCollateralLeft)
        let effect = try ruined.applying(quote, of: close)
        #expect(effect.position == AavePosition(collateral: [], debts: []))
        #expect(effect.deficits.map(\.amount) == [quote.deficitCreated])
        #expect(quote.actualDebtToLiquidate + quote.deficitCreated == 3_000_000_000)
    }

    /// Goal: whatever is asked, a close takes no more than there is, and what stays is the rest.
    @Test(arguments: AaveGeneration.allCases)
    func `random closes stay within the balances`(generation: AaveGeneration) throws {
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<1_000 {
            let index = ray + UInt256(UInt64.random(in: 0...UInt64(1e18), using: &generator))
            let position = AavePosition(
                collateral: [
                    AaveHolding(
                        reserve: Self.reserve(
                            "WETH", decimals: 18, price: 200_000_000_000, indexRay: index),
                        scaledAmount: UInt256(UInt64.random(in: 1...10, using: &generator)) * wad)
                ],
                debts: [
                    AaveHolding(
                        reserve: Self.reserve(
                            "USDC", decimals: 6, price: 100_000_000, indexRay: index),
                        scaledAmount: UInt256(
                            UInt64.random(in: 1_000_000_000...30_000_000_000, using: &generator)))
                ])
            let data = try position.accountData(generation)
            let close = try Self.close(
                position, generation,
                cover: UInt256(UInt64.random(in: 1...40_000_000_000, using: &generator)))
            guard try close.refusal(account: data) == nil else { continue }
            let quote = try close.quote(account: data)
            try #require(quote.actualDebtToLiquidate <= quote.maxLiquidatableDebt)
            try #require(
                quote.collateralToLiquidator + quote.protocolFee <= quote.collateralBalance)
            guard quote.refusal == nil else { continue }
            let after = try position.applying(quote, of: close).position
            let debtLeft = try after.debts.first?.debtBalance(generation) ?? 0
            let expected = quote.reserveDebt - quote.actualDebtToLiquidate
            try #require(quote.hasNoCollateralLeft || debtLeft.isWithinOne(of: expected))
        }
    }

    @Test func `interest grows debt by compounding and income linearly`() throws {
        let rate: UInt256 = 50_000_000_000_000_000_000_000_000
        for elapsed in [0, 1, 86_400, 31_536_000] as [UInt64] {
            let debt = try aaveNormalizedDebt(
                indexRay: ray, rateRay: rate, elapsedSeconds: elapsed, compounding: .exponential)
            let income = try aaveNormalizedIncome(
                indexRay: ray, rateRay: rate, elapsedSeconds: elapsed)
            #expect(debt >= income)
            #expect(elapsed > 0 || (debt == ray && income == ray))
        }
        let year = try aaveNormalizedIncome(
            indexRay: 2 * ray, rateRay: rate, elapsedSeconds: 31_536_000)
        #expect(year == 2 * (ray + rate))
    }

    @Test func `amounts that the contract could not multiply throw`() throws {
        let huge = Self.position(ether: .max, dollars: 1)
        #expect(throws: ArithmeticError.overflow) { try huge.accountData(.v3_7) }
    }
}

extension UInt256 {
    fileprivate func isWithinOne(of other: UInt256) -> Bool {
        self >= other ? self - other <= 1 : other - self <= 1
    }
}
