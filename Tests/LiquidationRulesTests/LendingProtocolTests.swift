import LiquidationRules
import Testing
import WideMath

/// What the known answers do not reach: refusals, ends of ranges, the second of two branches.
@Suite struct LendingProtocolTests {
    // MARK: Compound III

    @Test func `Comet stops pricing once the debt is covered`() throws {
        let base = CometLoanAsset(
            price: 100_000_000, scale: 1_000_000, borrowIndex: 1_000_000_000_000_000)
        let covering = CometCollateral(
            balance: wad, price: 200_000_000_000, scale: wad, factor: wad)
        // A feed that is broken: pricing it would overflow.
        let broken = CometCollateral(balance: .max, price: .max, scale: 1, factor: wad)
        let health = try CometHealth(
            principal: -1_000_000, base: base, collaterals: [covering, broken])
        #expect(!health.isLiquidatable)
        #expect(throws: ArithmeticError.overflow) {
            try CometHealth(principal: -1_000_000, base: base, collaterals: [broken])
        }
    }

    @Test func `Comet leaves what an absorption did not need as a supply`() throws {
        let absorption = try CometAbsorption(
            principal: -1_000_000,
            base: CometLoanAsset(
                price: 100_000_000, scale: 1_000_000, borrowIndex: 1_000_000_000_000_000),
            supplyIndex: 2_000_000_000_000_000,
            collaterals: [
                CometCollateral(
                    balance: wad, price: 500_000_000, scale: wad, factor: wad / 2)
            ])
        #expect(absorption.newBalance == 1_500_000 && absorption.newPrincipal == 750_000)
        #expect(absorption.basePaidOut == 2_500_000 && !absorption.leavesBadDebt)
    }

    // MARK: Morpho Blue

    static let morphoTerms = MorphoTerms(
        lltvWad: 860_000_000_000_000_000, price: 1_000_000_000_000_000_000_000_000_000_000_000_000)
    static let morphoTotals = MorphoTotals(
        supplyAssets: 1_000, borrowAssets: 900, borrowShares: 900_000_000)

    @Test func `Morpho takes a loss from the suppliers when no collateral is left`() throws {
        let close = try MorphoClose(
            .seize(assets: 50), of: MorphoPosition(collateral: 50, borrowShares: 100_000_000),
            terms: Self.morphoTerms, totals: Self.morphoTotals)
        #expect(!close.isHealthy && close.badDebtAssets > 0)
        #expect(close.position == MorphoPosition(collateral: 0, borrowShares: 0))
        #expect(close.totals.supplyAssets == 1_000 - close.badDebtAssets)
        #expect(
            close.totals.borrowShares
                == 900_000_000 - close.repaidShares - close.badDebtShares)
    }

    @Test func `Morpho refuses more than the position has`() {
        let position = MorphoPosition(collateral: 50, borrowShares: 100_000_000)
        for request in [MorphoRequest.seize(assets: 51), .repay(shares: 100_000_001)] {
            #expect(throws: ArithmeticError.overflow) {
                try MorphoClose(
                    request, of: position, terms: Self.morphoTerms, totals: Self.morphoTotals)
            }
        }
    }

    /// Half way through the window every factor is half way between its ends.
    @Test func `Morpho's early close grows through its window and ends with it`() throws {
        let parameters = MorphoPreLiquidation.Parameters(
            preLltvWad: 600_000_000_000_000_000, lltvWad: 800_000_000_000_000_000,
            closeFactorWad: 100_000_000_000_000_000...500_000_000_000_000_000,
            incentiveFactorWad: 1_000_000_000_000_000_000...1_100_000_000_000_000_000)
        func quote(_ borrowed: UInt256) throws -> MorphoPreLiquidation? {
            try MorphoPreLiquidation(
                borrowed: borrowed, collateralQuoted: 1_000, borrowShares: 1_000,
                parameters: parameters)
        }
        let middle = try #require(try quote(700))
        #expect(middle.closeFactorWad == 300_000_000_000_000_000)
        #expect(middle.incentiveFactorWad == 1_050_000_000_000_000_000)
        #expect(middle.repayableSharesMax == 300)
        #expect(try quote(600) == nil && quote(801) == nil)
        #expect(try quote(800)?.repayableSharesMax == 500)
    }

    // MARK: Liquity

    @Test func `Liquity's product changes scale when small and epoch when emptied`() throws {
        var product = LiquityPoolProduct(product: 2_000_000_000, lastLossError: 0)
        _ = try product.offset(debt: 900 * wad, deposits: 1_000 * wad)
        #expect(product.scale == 1 && product.epoch == 0)
        #expect(product.product > 100_000_000_000_000_000)
        let loss = try product.offset(debt: 100 * wad, deposits: 100 * wad)
        #expect(loss == wad && product.product == wad)
        #expect(product.scale == 0 && product.epoch == 1 && product.lastLossError == 0)
        #expect(throws: ArithmeticError.overflow) { try product.offset(debt: 2, deposits: 1) }
    }

    @Test func `Liquity v2 gives the owner what debt and penalty do not need`() throws {
        let terms = LiquityV2Split.Terms(
            price: 2_000 * wad, poolPenaltyWad: 50_000_000_000_000_000,
            redistributionPenaltyWad: 100_000_000_000_000_000)
        let split = try LiquityV2Split(
            debt: 2_000 * wad, collateral: 2 * wad, pool: 5_000 * wad, terms: terms)
        #expect(split.collateralToPool == 1_050_000_000_000_000_000)
        #expect(split.debtRedistributed == 0 && split.collateralRedistributed == 0)
        #expect(
            split.collateralToPool + split.gasCompensation + split.collateralSurplus == 2 * wad)
    }

    // MARK: Euler

    @Test func `Euler leaves a healthy account alone and gives worthless collateral away`() throws {
        func close(adjusted: UInt256, seizedValue: UInt256) throws -> EulerClose {
            try EulerClose(
                EulerClose.Situation(
                    liabilityValue: 80, debtAssets: 80, seizedValue: seizedValue,
                    seizedBalance: 7, maxDiscountBps: 2_000),
                collaterals: [EulerClose.Collateral(value: adjusted, loanToValueBps: 10_000)])
        }
        let healthy = try close(adjusted: 81, seizedValue: 81)
        #expect(healthy.discountFactorWad == nil && healthy.maxRepay == 0 && healthy.maxYield == 0)
        let worthless = try close(adjusted: 10, seizedValue: 0)
        #expect(worthless.maxRepay == 0 && worthless.maxYield == 7)
        let partial = try close(adjusted: 80, seizedValue: 100)
        #expect(partial.maxRepay == 80 && partial.maxYield == 5)
        #expect(try partial.yield(forRepaying: 40) == 2)
        #expect(throws: ArithmeticError.overflow) { try partial.yield(forRepaying: 81) }
    }

    // MARK: Maker

    static let rad = wad * ray

    private func bark(
        ink: UInt256 = 40, art: UInt256 = 100, room: UInt256 = 1_000
    ) throws -> Result<MakerBark, MakerRefusal> {
        try MakerBark.quote(
            MakerVault(
                ink: ink * wad, art: art * wad, rate: ray, spot: 2 * ray, dust: 20 * Self.rad,
                chop: wad),
            limits: MakerLimits(
                globalMax: 1_000 * Self.rad, globalNow: (1_000 - room) * Self.rad,
                ilkMax: 1_000 * Self.rad, ilkNow: 0))
    }

    @Test func `Maker refuses safe vaults, full limits and dusty auctions by name`() throws {
        #expect(try bark(ink: 50) == .failure(.notUnsafe))
        #expect(try bark(room: 0) == .failure(.limitHit))
        #expect(try bark(room: 19) == .failure(.dustyAuction))
        #expect(try bark(ink: 0) == .failure(.nullAuction))
        #expect(try bark(room: 20).get().dart == 20 * wad)
        #expect(try bark(room: 81).get().dart == 100 * wad)
    }

    @Test func `a Maker auction needs a reset once it is too old or too cheap`() throws {
        func needsReset(_ elapsed: UInt64, _ price: UInt256) throws -> Bool {
            try MakerAuction.needsReset(
                elapsedSeconds: elapsed, tailSeconds: 100, priceRay: price, topRay: 10 * ray,
                cuspRay: ray / 2)
        }
        #expect(try !needsReset(100, 5 * ray))
        #expect(try needsReset(101, 5 * ray))
        #expect(try needsReset(100, 5 * ray - 1))
    }

    @Test func `a Maker purchase leaves the remnant that the rules ask for`() throws {
        let auction = MakerAuction(tab: 110 * Self.rad, lot: 40 * wad)
        let take = try MakerTake.quote(
            21 * wad, of: auction, priceRay: 5 * ray, chost: 22 * Self.rad
        ).get()
        #expect(take.owe == 88 * Self.rad && take.auction.tab == 22 * Self.rad)
        #expect(take.slice == take.owe / (5 * ray) && !take.isClosed)
    }
}
