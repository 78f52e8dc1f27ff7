package import KeeperModel

/// A settled close at Maker, worked out again: a vault seized into an auction, an auction bought
/// from, or one started anew.
package struct MakerCase: Sendable {
    private let settled: SettledCase
    private let terms: MakerVaultTerms
    private let action: CloseAction
    private let sight: MarketSight

    package init(
        _ settled: SettledCase, terms: MakerVaultTerms, action: CloseAction, sight: MarketSight
    ) {
        self.settled = settled
        self.terms = terms
        self.action = action
        self.sight = sight
    }

    package var discrepancy: Discrepancy? {
        switch (settled.positionBefore, action) {
        case (.lending(let vault)?, .push(let push)): bark(vault, push)
        case (.auction(let auction)?, .push(let push)): restart(auction, push)
        case (.auction(let auction)?, .purchase(let request)): take(auction, request)
        default: missing("a vault or an auction at \(settled.account)")
        }
    }

    /// Units times 1e27 for each smallest unit of collateral.
    private var feedPrice: Rational? {
        sight.price(terms.collateral).map {
            ($0 * ray / .powerOfTen(terms.collateralDecimals)).floor
        }
    }

    private func top(at feedPrice: Rational) -> Rational {
        (feedPrice * Rational(terms.auction.startFactorRay) / ray).floor
    }

    // MARK: Pushes

    private func bark(_ vault: LendingPosition, _ push: PushClose) -> Discrepancy? {
        guard let feedPrice, let rate = sight.figure(.rateRay) else {
            return missing("price and rate of \(terms.market)")
        }
        let urn = MakerUrn(
            ink: vault.collateral.map { Rational($0.scaledAmount) }.sum,
            art: vault.debts.map { Rational($0.scaledAmount) }.sum)
        let room = Rational(terms.holeUnits) * ray - (sight.figure(.auctioned) ?? 0)
        let result = MakerBark.of(
            urn, spot: (feedPrice * ray / Rational(terms.liquidationRatioRay)).floor, rate: rate,
            dust: Rational(terms.dustUnits) * ray, chop: Rational(terms.chopWad), room: room)
        let bark: MakerBark
        switch result {
        case .failure(let refused):
            return Discrepancy(
                "verdict", published: "settled", recomputed: refused.refusal.rawValue)
        case .success(let begun): bark = begun
        }
        return settled.discrepancy(inFact: "dart", bark.dart)
            ?? settled.discrepancy(inFact: "dink", bark.dink)
            ?? settled.discrepancy(inFact: "tab", bark.tab) ?? reward(tab: bark.tab, push)
            ?? vaultLeft(ink: urn.ink - bark.dink, art: urn.art - bark.dart)
            ?? begun(bark, top: top(at: feedPrice))
    }

    private func vaultLeft(ink: Rational, art: Rational) -> Discrepancy? {
        var (inkLeft, artLeft): (Rational, Rational) = (0, 0)
        if case .lending(let left)? = settled.positionAfter(settled.account) {
            inkLeft = left.collateral.map { Rational($0.scaledAmount) }.sum
            artLeft = left.debts.map { Rational($0.scaledAmount) }.sum
        }
        return Discrepancy("ink left", published: inkLeft, recomputed: ink)
            ?? Discrepancy("art left", published: artLeft, recomputed: art)
    }

    private func begun(_ bark: MakerBark, top: Rational) -> Discrepancy? {
        let known = settled.accountsBefore.map(\.account)
        let new = settled.accountsAfter.filter { !known.contains($0.account) }
        guard new.count == 1, case .auction(let auction)? = new.first?.position else {
            return Discrepancy("auctions begun", published: "\(new.count)", recomputed: "1")
        }
        return Discrepancy("tab", published: Rational(auction.tab), recomputed: bark.tab)
            ?? Discrepancy("lot", published: Rational(auction.lot), recomputed: bark.dink)
            ?? Discrepancy("top", published: Rational(auction.topRay), recomputed: top)
    }

    private func restart(_ auction: AuctionPosition, _ push: PushClose) -> Discrepancy? {
        guard let feedPrice, let now = sight.nowSeconds else {
            return missing("price and time of \(terms.market)")
        }
        let price = price(of: auction, now)
        let isOver = elapsed(auction, now) > terms.auction.tailSeconds
        let isLow =
            (price * ray / Rational(auction.topRay)).floor < Rational(terms.auction.cuspRay)
        guard isOver || isLow else {
            return Discrepancy("verdict", published: "settled", recomputed: "the auction runs")
        }
        guard case .auction(let after)? = settled.positionAfter(settled.account) else {
            return missing("the auction after its restart")
        }
        return Discrepancy(
            "top", published: Rational(after.topRay), recomputed: top(at: feedPrice))
            ?? Discrepancy("tab", published: Rational(after.tab), recomputed: Rational(auction.tab))
            ?? Discrepancy("lot", published: Rational(after.lot), recomputed: Rational(auction.lot))
            ?? reward(tab: restartRewardBase(auction, feedPrice), push)
    }

    /// Dusty auctions pay nothing to whoever restarts them.
    private func restartRewardBase(
        _ auction: AuctionPosition, _ feedPrice: Rational
    ) -> Rational? {
        let isDusty =
            Rational(auction.tab) < chost || Rational(auction.lot) * feedPrice < chost
        return isDusty ? nil : Rational(auction.tab)
    }

    private var chost: Rational {
        (Rational(terms.dustUnits) * ray * Rational(terms.chopWad) / wad).floor
    }

    /// Flat, and a part of what the auction has to bring; whole units are paid.
    private func reward(tab: Rational?, _ push: PushClose) -> Discrepancy? {
        let exact = tab.map {
            Rational(terms.auction.tipUnits) * ray
                + ($0 * Rational(terms.auction.chipWad) / wad).floor
        }
        let due = ((exact ?? 0) / ray).floor
        let least = push.rewardMin.filter { $0.asset == terms.debt }.map { Rational($0.amount) }
        guard least.allSatisfy({ due >= $0 }) else {
            return Discrepancy(
                "verdict", published: "settled", recomputed: "the reward is only \(due)")
        }
        return Discrepancy("reward", published: settled.moved(.incentive), recomputed: due)
    }

    // MARK: Purchases

    private func price(of auction: AuctionPosition, _ now: UInt64) -> Rational {
        curve.price(top: Rational(auction.topRay), elapsed: elapsed(auction, now))
    }

    private func elapsed(_ auction: AuctionPosition, _ now: UInt64) -> UInt64 {
        max(now, auction.startedAtSeconds) - auction.startedAtSeconds
    }

    private var curve: MakerCurve {
        switch terms.auction.curve {
        case .linear(let tau): .linear(tau: Rational(tau))
        case .stairstep(let cut, let step): .stairs(step: step, cut: Rational(cut))
        case .exponential(let cut): .exponential(cut: Rational(cut))
        }
    }

    /// How much was asked for cannot be seen: right is what some amount gives.
    private func take(_ auction: AuctionPosition, _ request: LendingClose) -> Discrepancy? {
        guard let now = sight.nowSeconds else { return missing("time of \(terms.market)") }
        let (price, slice) = (price(of: auction, now), settled.moved(.seized))
        guard price.isPositive else {
            return Discrepancy("verdict", published: "settled", recomputed: "needs a restart")
        }
        let lot = Rational(auction.lot)
        let possible = [slice, slice + 1, lot].compactMap { amount in
            // An amount that the auction refuses is not what was asked for.
            try? MakerTake.of(
                amount: amount, tab: Rational(auction.tab), lot: lot, price: price, chost: chost
            ).get()
        }
        guard
            let take = possible.first(where: {
                $0.slice == slice && settled.fact("owe") == $0.owe.description
            }) ?? possible.first
        else {
            return Discrepancy("verdict", published: "settled", recomputed: "refused")
        }
        let paid = (take.owe / ray).ceiling
        guard paid <= Rational(request.repayAmountMax),
            take.slice >= Rational(request.seizeAmountMin)
        else { return Discrepancy("verdict", published: "settled", recomputed: "pays \(paid)") }
        return Discrepancy("bought", published: slice, recomputed: take.slice)
            ?? settled.discrepancy(inFact: "owe", take.owe)
            ?? settled.discrepancy(inFact: "badDebt", take.badDebt)
            ?? Discrepancy("paid", published: -settled.moved(.repaid), recomputed: paid)
            ?? auctionLeft(take)
    }

    private func auctionLeft(_ take: MakerTake) -> Discrepancy? {
        guard case .auction(let left)? = settled.positionAfter(settled.account) else {
            return take.isClosed
                ? nil
                : Discrepancy("auction", published: "gone", recomputed: "lot \(take.lotAfter)")
        }
        guard !take.isClosed else {
            return Discrepancy("auction", published: "still there", recomputed: "closed")
        }
        return Discrepancy("tab", published: Rational(left.tab), recomputed: take.tabAfter)
            ?? Discrepancy("lot", published: Rational(left.lot), recomputed: take.lotAfter)
    }
}
