package import KeeperModel
package import WideMath

/// An account for a stress test: cash and signed lots. A loan's cash is minus its debt; a long's is
/// margin − lots · entry, a short's margin + lots · entry (`settlement.md` section 6).
package struct StressedAccount: Hashable, Sendable {
    package struct Leg: Hashable, Sendable {
        package let asset: String
        package let lots: Int64

        package init(asset: String, lots: Int64) {
            self.asset = asset
            self.lots = lots
        }
    }

    package let cash: Int64
    package let legs: [Leg]

    package init(cash: Int64, legs: [Leg]) {
        self.cash = cash
        self.legs = legs
    }
}

package struct AssetPrice: Hashable, Sendable {
    package let asset: String
    package let price: Int64

    package init(asset: String, price: Int64) {
        self.asset = asset
        self.price = price
    }
}

/// How far the fund reaches under the worst of the policy's shocks.
package struct SolvencyReport: Hashable, Sendable {
    package struct Loss: Hashable, Sendable {
        package let shock: String
        package let amount: Int256
    }

    /// In the order of the policy.
    package let losses: [Loss]
    /// The first among equals.
    package let worst: Loss?
    package let solvencyPpm: Int256

    package init(
        fund: Int64, prices: [AssetPrice], accounts: [StressedAccount], rule: StressRule
    ) throws(SettlementError) {
        try require(fund, "fund")
        for price in prices { try require(price.price, atLeast: 1, "price of \(price.asset)") }
        try requireDistinct(prices.map(\.asset).sorted())
        var losses: [Loss] = []
        for shock in rule.shocks {
            let test = ShockTest(shock: shock, exitCostPpm: rule.exitCostPpm, prices: prices)
            var amount = Int256.zero
            for account in accounts { amount += try test.shortfall(of: account) }
            losses.append(Loss(shock: shock.name, amount: amount))
        }
        self.losses = losses
        // `max(by:)` keeps the last among equals; the first is asked for.
        worst = losses.reduce(losses.first) { best, loss in
            best.map { loss.amount > $0.amount ? loss : $0 }
        }
        solvencyPpm = (Int256(fund) * million).quotient(
            dividingBy: max(1, worst?.amount ?? 0), rounding: .down)
    }
}

private struct ShockTest {
    let shock: Shock
    let exitCostPpm: Int64
    let prices: [AssetPrice]

    func shortfall(of account: StressedAccount) throws(SettlementError) -> Int256 {
        try require(account.cash, "cash")
        var worth = Int256(account.cash)
        for leg in account.legs {
            let price = try shockedPrice(of: leg.asset)
            try require(leg.lots, "lots of \(leg.asset)")
            let value = Int256(leg.lots) * price
            let exitCost = share(
                of: value < 0 ? -value : value, ppm: exitCostPpm, rounding: .up)
            worth += value - exitCost
        }
        return max(0, -worth)
    }

    private func shockedPrice(of asset: String) throws(SettlementError) -> Int256 {
        guard let price = prices.first(where: { $0.asset == asset })?.price else {
            throw .priceMissing(asset: asset)
        }
        let move =
            shock.assetMovesPpm.first { $0.asset == asset }?.movePpm ?? shock.defaultPpm
        return (Int256(price) * (million + Int256(move))).quotient(
            dividingBy: million, rounding: .down)
    }
}
