package import WideMath

/// How well a set of closes went (`settlement.md` section 10).
package struct SettlementMeasures: Hashable, Sendable {
    package struct Close: Hashable, Sendable {
        package let notional: Int64
        package let proceeds: Int64
        package let obligations: Int64

        package init(notional: Int64, proceeds: Int64, obligations: Int64) {
            self.notional = notional
            self.proceeds = proceeds
            self.obligations = obligations
        }
    }

    package let recoveryPpm: Int256
    /// Deficit per liquidated notional.
    package let deficitPpm: Int256
    package let drawdown: Int256
    package let drawdownPpm: Int256

    package init(
        closes: [Close], fundBalances: [Int64]
    ) throws(SettlementError) {
        var recovered = Int256.zero
        var owed = Int256.zero
        var deficit = Int256.zero
        var notional = Int256.zero
        for close in closes {
            try require(close.notional, atLeast: 0, "notional")
            try require(close.proceeds, atLeast: 0, "proceeds")
            try require(close.obligations, atLeast: 0, "obligations")
            recovered += Int256(min(close.proceeds, close.obligations))
            owed += Int256(close.obligations)
            deficit += Int256(max(0, close.obligations - close.proceeds))
            notional += Int256(close.notional)
        }
        recoveryPpm = Self.ratioPpm(recovered, of: owed) ?? million
        deficitPpm = Self.ratioPpm(deficit, of: notional) ?? 0
        (drawdown, drawdownPpm) = try Self.drawdown(fundBalances)
    }

    private static func ratioPpm(_ part: Int256, of whole: Int256) -> Int256? {
        guard whole > 0 else { return nil }
        return (part * million).quotient(dividingBy: whole, rounding: .down)
    }

    /// The deepest fall from the running peak, and the deepest relative one; the two need not be
    /// the same fall.
    private static func drawdown(
        _ balances: [Int64]
    ) throws(SettlementError) -> (Int256, Int256) {
        var peak = Int256.zero
        var deepest = Int256.zero
        var deepestPpm = Int256.zero
        for balance in balances {
            try require(balance, atLeast: 0, "fund balance")
            peak = max(peak, Int256(balance))
            let fall = peak - Int256(balance)
            deepest = max(deepest, fall)
            deepestPpm = max(deepestPpm, ratioPpm(fall, of: peak) ?? 0)
        }
        return (deepest, deepestPpm)
    }
}
