package import KeeperModel
package import LiquidationRules
import WideMath

/// Settles the close of a borrower: amounts by the rules of Aave, value by the settlement law.
///
/// In kind, the keeper repays debt and gets collateral less the protocol's fee. In value, the close
/// fetched what the collateral was worth at the mark (N and F of the law) against the debt repaid
/// (B); the bonus is the surplus, of which the policy makes penalty, keeper's share and treasury.
/// Where collateral runs out, what debt is left is written off in a second settlement with F = 0.
package struct LendingDesk {
    private let market: LendingMarket
    private let plan: ClosePlan
    private let close: LendingClose
    private let keeper: String

    package init(market: LendingMarket, plan: ClosePlan, close: LendingClose, keeper: String) {
        self.market = market
        self.plan = plan
        self.close = close
        self.keeper = keeper
    }

    package func settle(
        _ position: LendingMarket.Position, in world: inout ClosingWorld
    ) throws(CloseRefused) -> SettledClose {
        let quoted = try quote(position)
        var ledger = MovementLedger(market: market, quote: world.quote)
        try fund(quoted, &ledger, &world)
        try exchange(quoted, &ledger, &world)
        let sold = try exit(quoted, &ledger, &world)
        try payBack(quoted, &ledger, &world)
        let records = try record(quoted, &world)
        world.fillCount += 1
        let receipt = CloseReceipt(
            clientID: plan.clientID, fillID: "fill-\(world.fillCount)", height: world.height,
            settledAt: world.now, movements: ledger.movements, settlements: records)
        return SettledClose(
            positionAfter: after(quoted), othersAfter: [], receipt: receipt,
            bidsTaken: sold.map { [$0] } ?? [], asksTaken: [])
    }

    // MARK: Amounts

    /// What was asked, what the rules make of it, and what is left.
    private struct Quoted {
        let account: AaveAccountData
        let close: AaveClose
        let amounts: AaveCloseQuote
        let effect: AaveCloseEffect
        var repaid: UInt256 { amounts.actualDebtToLiquidate }
        var seizedNet: UInt256 { amounts.collateralToLiquidator }
    }

    private func quote(_ position: LendingMarket.Position) throws(CloseRefused) -> Quoted {
        guard let account = market.accountData(position) else {
            throw CloseRefused(.marketClosed, "a price of the account is missing")
        }
        guard account.isLiquidatable else {
            throw CloseRefused(.healthy, AaveRefusal.healthFactorNotBelowThreshold.rawValue)
        }
        let holdings = market.holdings(position)
        guard let debt = holdings.debts.first(where: { $0.asset == close.repayAsset }),
            let collateral = holdings.collateral.first(where: { $0.asset == close.seizeAsset })
        else {
            throw CloseRefused(
                .limitViolated,
                "the account does not owe \(close.repayAsset) against \(close.seizeAsset)")
        }
        let aave = AaveClose(
            generation: market.terms.generation, baseUnit: market.terms.baseUnit,
            collateral: collateral, debt: debt, debtToCover: close.repayAmountMax)
        do {
            if let refusal = try aave.refusal(account: account) { throw refused(refusal) }
            let amounts = try aave.quote(account: account)
            if let refusal = amounts.refusal { throw refused(refusal) }
            let effect = try holdings.applying(amounts, of: aave)
            guard !amounts.actualDebtToLiquidate.isZero else {
                throw CloseRefused(.limitViolated, "nothing would be repaid")
            }
            guard amounts.collateralToLiquidator >= close.seizeAmountMin else {
                throw CloseRefused(
                    .slippage,
                    "seizes \(amounts.collateralToLiquidator), minimum \(close.seizeAmountMin)")
            }
            return Quoted(account: account, close: aave, amounts: amounts, effect: effect)
        } catch let error as CloseRefused {
            throw error
        } catch {
            throw CloseRefused(.limitViolated, "the rules' arithmetic reverts: \(error)")
        }
    }

    private func refused(_ refusal: AaveRefusal) -> CloseRefused {
        switch refusal {
        case .healthFactorNotBelowThreshold:
            CloseRefused(.healthy, refusal.rawValue)
        case .collateralCannotBeLiquidated, .specifiedCurrencyNotBorrowed, .mustNotLeaveDust:
            CloseRefused(.limitViolated, refusal.rawValue)
        }
    }

    private func after(_ quoted: Quoted) -> AccountPosition? {
        func balances(_ holdings: [AaveHolding]) -> [ScaledBalance] {
            holdings.map { ScaledBalance(asset: $0.asset, scaledAmount: $0.scaledAmount) }
        }
        let position = LendingPosition(
            collateral: balances(quoted.effect.position.collateral),
            debts: balances(quoted.effect.position.debts))
        return position.debts.isEmpty && position.collateral.isEmpty ? nil : .lending(position)
    }

    // MARK: Movements

    private func fund(
        _ quoted: Quoted, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) {
        guard case .flash(let premiumMax) = close.funding else { return }
        guard close.repayAsset == world.quote.asset, let pool = world.flashPools[close.repayAsset],
            pool.available >= quoted.repaid
        else { throw CloseRefused(.flashUnavailable, "no flash pool for \(quoted.repaid)") }
        guard try flashPremium(quoted, world) <= premiumMax else {
            throw CloseRefused(.slippage, "the flash premium is above \(premiumMax)")
        }
        try world.move(
            quoted.repaid, of: close.repayAsset, from: .flashPool, to: .keeper(keeper))
        ledger.came(quoted.repaid, close.repayAsset, .flashBorrowed)
    }

    private func exchange(
        _ quoted: Quoted, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) {
        let pool = Holder.pool(plan.target.market)
        try world.move(quoted.repaid, of: close.repayAsset, from: .keeper(keeper), to: pool)
        ledger.went(quoted.repaid, close.repayAsset, .repaid)
        try world.move(quoted.seizedNet, of: close.seizeAsset, from: pool, to: .keeper(keeper))
        ledger.came(quoted.seizedNet, close.seizeAsset, .seized)
        try world.move(
            quoted.amounts.protocolFee, of: close.seizeAsset, from: pool, to: .treasury)
    }

    /// Sells what was seized, all of it or nothing; returns what the book lost.
    private func exit(
        _ quoted: Quoted, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> AssetAmount? {
        guard case .sell(let proceedsMin) = close.exit, close.seizeAsset != world.quote.asset
        else { return nil }
        // Decimals too many for a unit in 256 bits: nothing that a book could count.
        guard let book = world.depth[close.seizeAsset],
            let unitScale = try? quoted.close.collateral.reserve.tokenUnit
        else { throw CloseRefused(.slippage, "there is no book for \(close.seizeAsset)") }
        let fill = book.selling(quoted.seizedNet, downTo: 1, unitScale: unitScale)
        guard fill.quantity == quoted.seizedNet, fill.valueUnits >= proceedsMin else {
            throw CloseRefused(
                .slippage,
                "the book pays \(fill.valueUnits) for \(fill.quantity) of \(quoted.seizedNet), "
                    + "minimum \(proceedsMin)")
        }
        try world.move(
            fill.quantity, of: close.seizeAsset, from: .keeper(keeper), to: .bookMakers)
        ledger.went(fill.quantity, close.seizeAsset, .exitSold)
        try world.move(
            fill.valueUnits, of: world.quote.asset, from: .bookMakers, to: .keeper(keeper))
        ledger.came(fill.valueUnits, world.quote.asset, .exitProceeds)
        return AssetAmount(asset: close.seizeAsset, amount: fill.quantity)
    }

    private func payBack(
        _ quoted: Quoted, _ ledger: inout MovementLedger, _ world: inout ClosingWorld
    ) throws(CloseRefused) {
        guard case .flash = close.funding else { return }
        let premium = try flashPremium(quoted, world)
        try world.move(
            quoted.repaid, of: close.repayAsset, from: .keeper(keeper), to: .flashPool)
        ledger.went(quoted.repaid, close.repayAsset, .flashRepaid)
        try world.move(premium, of: close.repayAsset, from: .keeper(keeper), to: .flashPool)
        ledger.went(premium, close.repayAsset, .flashPremium)
    }

    private func flashPremium(
        _ quoted: Quoted, _ world: ClosingWorld
    ) throws(CloseRefused) -> UInt256 {
        let bps = world.flashPools[close.repayAsset]?.premiumBps ?? 0
        do {
            return try percentMul(quoted.repaid, UInt256(bps), rounding: .up)
        } catch {
            throw CloseRefused(.limitViolated, "the flash premium overflows")
        }
    }
}

extension LendingDesk {
    // MARK: The law

    private func record(
        _ quoted: Quoted, _ world: inout ClosingWorld
    ) throws(CloseRefused) -> [SettlementRecord] {
        do {
            let valuation = try LendingValuation(
                market: market, plan: plan, account: quoted.account, close: quoted.close,
                amounts: quoted.amounts, effect: quoted.effect, height: world.height)
            var records = [try append(valuation.close, valuation.facts, &world)]
            if let writeOff = try valuation.writeOff() {
                records.append(
                    try append(writeOff, [SettlementFact(name: "kind", value: "write-off")], &world)
                )
            }
            return records
        } catch let error as CloseRefused {
            throw error
        } catch {
            throw CloseRefused(.limitViolated, "the law refuses the close: \(error)")
        }
    }

    private func append(
        _ reduced: ReducedClose, _ facts: [SettlementFact], _ world: inout ClosingWorld
    ) throws -> SettlementRecord {
        let claims = world.lenders[plan.target.market] ?? []
        let result = try world.settlements.state.settle(
            reduced, under: market.terms.policy, bearers: .claims(claims))
        for charge in result.socialised {
            world.chargeLender(charge, of: plan.target.market)
        }
        // Keeper and treasury were paid in kind, out of the collateral.
        try world.pay(
            result.lines, from: .pool(plan.target.market),
            to: ["fund": .fund, "lps": .lps, "stakers": .stakers])
        return world.settlements.append(
            result, policy: market.terms.policy, height: world.height,
            account: plan.target.account, keeper: keeper, facts: facts)
    }
}

extension ClosingWorld {
    fileprivate mutating func chargeLender(_ charge: SocialCharge, of market: MarketID) {
        lenders[market] = (lenders[market] ?? []).map { claim in
            guard claim.account == charge.account else { return claim }
            return SocialClaim(account: claim.account, amount: claim.amount - charge.amount)
        }
    }
}

extension AaveHolding {
    var asset: AssetID { reserve.terms.asset }
}
