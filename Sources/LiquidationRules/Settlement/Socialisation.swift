import KeeperModel
package import WideMath

/// The layer in which everybody who gained, or who lent, gives a part (`settlement.md` 5.6).
package struct Socialisation: Hashable, Sendable {
    /// By id; a claim that gives nothing is left out.
    package let charges: [SocialCharge]
    package let rest: Int256

    package init(
        need: Int256, maxClaimPpm: Int64, claims: [SocialClaim]
    ) throws(SettlementError) {
        guard need >= 0 else { throw .outOfRange("need") }
        try require(maxClaimPpm, atLeast: 0, "maxClaimPpm")
        try Self.validate(claims)
        self.init(checkedNeed: need, maxClaimPpm: maxClaimPpm, claims: claims)
    }

    init(checkedNeed need: Int256, maxClaimPpm: Int64, claims: [SocialClaim]) {
        let ordered = claims.sorted { $0.account < $1.account }
        let caps = ordered.map { share(of: $0.amount, ppm: maxClaimPpm, rounding: .down) }
        let amounts = split(need, upTo: caps)
        charges = zip(ordered, amounts).filter { $1 > 0 }
            .map { SocialCharge(account: $0.account, amount: $1) }
        rest = need - amounts.reduce(.zero, +)
    }

    static func validate(_ claims: [SocialClaim]) throws(SettlementError) {
        let range = Int256.zero...Int256(Int64.max)
        for claim in claims where !range.contains(claim.amount) {
            throw .outOfRange("claim of \(claim.account)")
        }
        try requireDistinct(claims.map(\.account.text).sorted())
    }
}

extension ClosedMarket {
    /// The claim of every other position, either side: its profit at the mark on the lots that
    /// deleveraging left it, at most the equity left.
    func claims(after deleveraged: [Deleveraging], closedAccount: AccountID) -> [SocialClaim] {
        positions.filter { $0.account != closedAccount }.map { item in
            let given = deleveraged.first { $0.account == item.account }
            let lotsLeft = item.position.lots - (given?.lots ?? 0)
            let profit = item.position.unrealisedProfit(lots: lotsLeft, at: mark)
            let equityLeft = item.position.equity(at: mark) - (given?.amount ?? 0)
            return SocialClaim(account: item.account, amount: max(0, min(profit, equityLeft)))
        }
    }
}
