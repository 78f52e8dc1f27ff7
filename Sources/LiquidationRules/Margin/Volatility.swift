package import KeeperModel
package import WideMath

/// An estimate of how much the price moves per step, and the maintenance rate that follows from it
/// (`settlement.md` section 7). It falls at once and rises by steps, so that a jump of the estimate
/// does not itself put every account in breach.
package struct VolatilityEstimate: Hashable, Sendable {
    package let rule: VolatilityRule
    /// In 1e-18.
    package private(set) var variance: Int256
    package private(set) var ratePpm: Int64
    private var lastPrice: Int64?

    package init(rule: VolatilityRule) throws(SettlementError) {
        guard (1..<1_000_000).contains(rule.lambdaPpm) else { throw .invalidRule(.volatility) }
        try require(rule.initialVariance, atLeast: 0, "initialVariance")
        try require(rule.multiplierPpm, atLeast: 0, "multiplierPpm")
        self.rule = rule
        variance = Int256(rule.initialVariance)
        ratePpm = rule.initialRatePpm
    }

    /// In 1e-9.
    package var sigma: Int256 { floorSquareRoot(variance) }

    /// One step with the price in force; the first price only sets where the next move starts.
    package mutating func step(price: Int64) throws(SettlementError) {
        try require(price, atLeast: 1, "price")
        defer { lastPrice = price }
        guard let lastPrice else { return }
        let distance = Int256(price) - Int256(lastPrice)
        let move = (max(distance, -distance) * 1_000_000_000).quotient(
            dividingBy: Int256(lastPrice), rounding: .down)
        let lambda = Int256(rule.lambdaPpm)
        variance = (lambda * variance + (million - lambda) * move * move).quotient(
            dividingBy: million, rounding: .down)
        ratePpm = nextRate()
    }

    private func nextRate() -> Int64 {
        let fromSigma = (Int256(rule.multiplierPpm) * sigma).quotient(
            dividingBy: 1_000_000_000, rounding: .up)
        let limit = Int256(ratePpm) + Int256(rule.maxRisePpm)
        let rate = min(fromSigma, Int256(rule.capPpm), limit)
        return rate.asInt64 ?? rule.capPpm
    }
}

func floorSquareRoot(_ value: Int256) -> Int256 {
    precondition(value >= 0, "Only what is not negative has a root")
    return Int256(bitPattern: value.bitPattern.squareRoot())
}
