package import KeeperModel
package import WideMath

/// Who is deleveraged, and in which order (`settlement.md` section 5.5).
package struct DeleveragingQueue: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let account: AccountID
        package let position: MarginPosition
        package let score: ExactFraction

        package init(account: AccountID, position: MarginPosition, score: ExactFraction) {
            self.account = account
            self.position = position
            self.score = score
        }
    }

    /// Highest score first, ties by id.
    package let entries: [Entry]
    /// Positions of the opposite side that cannot carry the bankruptcy price, by id.
    package let excluded: [AccountID]

    package init(market: ClosedMarket, closedAccount: AccountID?) throws(SettlementError) {
        try market.validate()
        self.init(checked: market, closedAccount: closedAccount)
    }

    init(checked market: ClosedMarket, closedAccount: AccountID?) {
        let candidates = market.positions.filter {
            $0.position.side != market.closedSide && $0.position.lots > 0
                && $0.account != closedAccount
        }
        func qualifies(_ candidate: MarketPosition) -> Bool {
            candidate.position.equity(at: market.mark) > 0
                && candidate.position.equity(at: market.bankruptcyPrice) >= 0
        }
        excluded = candidates.filter { !qualifies($0) }.map(\.account).sorted()
        entries = Self.ranked(
            candidates.filter(qualifies).map {
                Entry(
                    account: $0.account, position: $0.position,
                    score: $0.position.deleveragingScore(at: market.mark))
            })
    }

    /// A queue of scores that somebody else has computed.
    package init(scored entries: [Entry]) {
        self.entries = Self.ranked(entries)
        excluded = []
    }

    private static func ranked(_ entries: [Entry]) -> [Entry] {
        entries.sorted { $0.score == $1.score ? $0.account < $1.account : $0.score > $1.score }
    }

    /// What exchanges show their users: the bar of a fifth of all queued lots in which a position's
    /// last lot stands, in the order of the queue.
    package var barsPercent: [Int256] {
        let total = entries.reduce(Int256.zero) { $0 + Int256($1.position.lots) }
        var reached = Int256.zero
        return entries.map { entry in
            reached += Int256(entry.position.lots)
            return (reached * 5).quotient(dividingBy: total, rounding: .up) * 20
        }
    }
}

extension MarginPosition {
    /// Margin and unrealised profit at a price.
    package func equity(at price: Int64) -> Int256 {
        Int256(marginUnits) + unrealisedProfit(lots: lots, at: price)
    }

    /// Of some of its lots at a price, negative for a loss.
    package func unrealisedProfit(lots: Int64, at price: Int64) -> Int256 {
        Int256(side.sign) * Int256(lots) * (Int256(price) - Int256(entryPrice))
    }

    /// Position value over equity; the equity is not zero.
    package func effectiveLeverage(at mark: Int64) -> ExactFraction {
        ExactFraction(Int256(lots) * Int256(mark), over: equity(at: mark))
    }

    /// Profit per entry times leverage where there is a profit, divided by leverage where there is
    /// none: what several exchanges publish as their queue. The equity is positive here.
    func deleveragingScore(at mark: Int64) -> ExactFraction {
        let equity = equity(at: mark)
        precondition(equity > 0 && lots > 0, "Only a solvent position has a leverage")
        let gain = Int256(side.sign) * (Int256(mark) - Int256(entryPrice))
        let entry = Int256(entryPrice)
        let value = Int256(lots) * Int256(mark)
        return gain > 0
            ? ExactFraction(gain * value, over: entry * equity)
            : ExactFraction(gain * equity, over: entry * value)
    }
}

/// What deleveraging took: `gap` is what one lot gives, `rest` what is still needed.
package struct DeleveragingOutcome: Hashable, Sendable {
    package let gap: Int256
    package let deleveraged: [Deleveraging]
    package let rest: Int256
}

extension DeleveragingQueue {
    /// From the front, each closes lots at the bankruptcy price instead of at the mark, until the
    /// need or the closed lots are used up; the last one gives only what is needed.
    package func take(
        need: Int256, market: ClosedMarket, maxPositionPpm: Int64
    ) -> DeleveragingOutcome {
        precondition(need >= 0, "A deficit is not negative")
        let gap =
            Int256(market.closedSide.sign)
            * (Int256(market.bankruptcyPrice) - Int256(market.mark))
        var rest = need
        var lotsLeft = Int256(market.closedLots)
        var taken: [Deleveraging] = []
        for entry in entries where gap > 0 && rest > 0 {
            let most = share(
                of: Int256(entry.position.lots), ppm: maxPositionPpm, rounding: .down)
            let needed = rest.quotient(dividingBy: gap, rounding: .up)
            let lots = min(most, lotsLeft, needed)
            guard lots > 0, let lotCount = lots.asInt64 else { continue }
            let amount = min(lots * gap, rest)
            taken.append(Deleveraging(account: entry.account, lots: lotCount, amount: amount))
            rest -= amount
            lotsLeft -= lots
        }
        return DeleveragingOutcome(gap: gap, deleveraged: taken, rest: rest)
    }
}
