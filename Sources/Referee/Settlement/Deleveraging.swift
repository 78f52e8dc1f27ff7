import KeeperModel

/// One position that gave lots.
package struct Deleveraged: Equatable, Sendable {
    package let account: String
    package let lots: Rational
    package let amount: Rational
}

/// A position in the queue, with its rank.
package struct RankedPosition: Sendable {
    package let position: MarginAccount
    package let score: Rational
}

extension MarketFacts {
    /// What one lot gives when it is closed at the bankruptcy price instead of the mark.
    package var gap: Rational {
        (closedSide == .long ? 1 : -1) * (bankruptcyPrice - mark)
    }

    private var opposite: [MarginAccount] {
        positions.filter { $0.side != closedSide && $0.lots.isPositive }
    }

    private func canGive(_ position: MarginAccount) -> Bool {
        position.equity(at: mark).isPositive
            && !position.equity(at: bankruptcyPrice).isNegative
    }

    package var excluded: [String] {
        opposite.filter { !canGive($0) }.map { NamedAmount($0.account, 0) }
            .sorted(by: NamedAmount.isBefore).map(\.id)
    }

    /// Highest score first, equals by id.
    package var queue: [RankedPosition] {
        opposite.filter(canGive).map { RankedPosition(position: $0, score: score($0)) }.sorted {
            $0.score == $1.score
                ? $0.position.account.utf8.lexicographicallyPrecedes($1.position.account.utf8)
                : $0.score > $1.score
        }
    }

    private func score(_ position: MarginAccount) -> Rational {
        let profitShare = position.sign * (mark - position.entry) / position.entry
        let leverage = position.lots * mark / position.equity(at: mark)
        return profitShare.isPositive ? profitShare * leverage : profitShare / leverage
    }

    package func deleverage(
        need: Rational, maxPositionPpm: Rational
    ) -> (given: [Deleveraged], rest: Rational) {
        guard gap.isPositive else { return ([], need) }
        var (given, rest, unmatched): ([Deleveraged], Rational, Rational) = ([], need, closedLots)
        for entry in queue where rest.isPositive && unmatched.isPositive {
            let lots = min(
                (entry.position.lots * maxPositionPpm / million).floor, unmatched,
                (rest / gap).ceiling)
            guard lots.isPositive else { continue }
            let amount = min(lots * gap, rest)
            given.append(
                Deleveraged(account: entry.position.account, lots: lots, amount: amount))
            rest -= amount
            unmatched -= lots
        }
        return (given, rest)
    }

    /// A position after it gave lots and paid: what it keeps of its margin carries the rest.
    package func after(
        _ position: MarginAccount, lots: Rational, given: Rational
    ) -> MarginAccount {
        MarginAccount(
            account: position.account, side: position.side, lots: position.lots - lots,
            entry: position.entry,
            margin: position.margin + position.sign * lots * (mark - position.entry) - given)
    }

    /// Unrealised profit on what is left, at most the equity left.
    func claims(after given: [Deleveraged]) -> [NamedAmount] {
        positions.map { position in
            let own = given.first { $0.account == position.account }
            let left = after(position, lots: own?.lots ?? 0, given: own?.amount ?? 0)
            return NamedAmount(
                position.account,
                max(0, min(left.profit(at: mark), left.equity(at: mark))))
        }
    }
}

/// Shares a loss among claims, by id, none above its cap.
package func socialise(
    need: Rational, maxClaimPpm: Rational, claims: [NamedAmount]
) -> (charges: [NamedAmount], rest: Rational) {
    let ordered = claims.sorted(by: NamedAmount.isBefore)
    let caps = ordered.map { ($0.amount * maxClaimPpm / million).floor }
    let parts = split(need, cappedBy: caps)
    let charges = zip(ordered, parts).map { NamedAmount($0.id, $1) }.filter { !$0.amount.isZero }
    return (charges, need - parts.sum)
}
