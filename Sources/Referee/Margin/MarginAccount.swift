package import KeeperModel

// Margin accounts, written from `settlement.md` sections 1 and 7 and `protocols.md` B0. Quantities
// are lots, prices units per lot, money units.

let million: Rational = 1_000_000

package struct MarginAccount: Sendable {
    package let account: String
    package let side: PositionSide
    package let lots: Rational
    package let entry: Rational
    package let margin: Rational

    package init(
        account: String, side: PositionSide, lots: Rational, entry: Rational, margin: Rational
    ) {
        self.account = account
        self.side = side
        self.lots = lots
        self.entry = entry
        self.margin = margin
    }

    package init(account: AccountID, _ position: MarginPosition) {
        self.init(
            account: account.text, side: position.side, lots: Rational(position.lots),
            entry: Rational(position.entryPrice), margin: Rational(position.marginUnits))
    }

    var sign: Rational { side == .long ? 1 : -1 }

    package func profit(at price: Rational) -> Rational { sign * lots * (price - entry) }
    package func equity(at price: Rational) -> Rational { margin + profit(at: price) }

    /// Where equity is zero, no costs counted and nothing rounded; below zero it is not a price.
    package var bankruptcyPriceExact: Rational? {
        lots.isPositive ? entry - sign * margin / lots : nil
    }

    /// Strictly below maintenance: equal is healthy.
    package func isEligible(at mark: Rational, under table: MaintenanceTable) -> Bool {
        lots.isPositive && equity(at: mark) < table.maintenance(of: lots * mark)
    }
}

/// The maintenance that a notional needs: every bracket at its own rate.
package struct MaintenanceTable: Sendable {
    package struct Bracket: Sendable {
        package let upTo: Rational
        package let ratePpm: Rational
    }

    package let brackets: [Bracket]

    package init(tiers: [MarginTier], volatilityRatePpm: Rational = 0) {
        brackets = tiers.map { tier in
            Bracket(
                upTo: Rational(tier.upTo), ratePpm: max(Rational(tier.ratePpm), volatilityRatePpm))
        }
    }

    /// The bracket that a notional lies in; the last one has no end.
    package func index(of notional: Rational) -> Int {
        brackets.firstIndex { notional <= $0.upTo } ?? max(0, brackets.count - 1)
    }

    /// Bracket by bracket, which is what the page's cumulative amounts abbreviate.
    package func maintenance(of notional: Rational) -> Rational {
        var charged: Rational = 0
        var from: Rational = 0
        let last = index(of: notional)
        for (number, bracket) in brackets.enumerated() where number <= last {
            let to = number == last ? notional : bracket.upTo
            charged += (to - from) * bracket.ratePpm
            from = to
        }
        return (charged / million).ceiling
    }

    /// What the page subtracts in a bracket, in millionths of a unit.
    package func cumulative(ofBracket index: Int) -> Rational {
        var total: Rational = 0
        for number in brackets.indices.dropFirst() where number <= index {
            let (below, here) = (brackets[number - 1], brackets[number])
            total += below.upTo * (here.ratePpm - below.ratePpm)
        }
        return total
    }
}
