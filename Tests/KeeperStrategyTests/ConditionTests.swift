import KeeperStrategy
import Testing
import WideMath

@Suite struct ConditionTests {
    /// Health 0.98, net 30 usd of 1,000 usd, price 12 s old.
    private let figures = CatalogueFigures(
        health: 980_000_000_000_000_000, netProfit: 30_000_000, grossProfit: 35_000_000,
        cost: 5_000_000, notional: 1_000_000_000, priceAge: 12_000_000_000,
        sourceAge: 13_000_000_000, legs: 2)

    @Test(arguments: [
        ("health < 1", true),
        ("health < 0.98", false),
        ("health <= 0.98", true),
        ("health < 98.1%", true),
        ("netProfit >= 25 usd", true),
        ("netProfit >= 30.000001 usd", false),
        ("netProfit >= 25 usd && priceAge < 12 s", false),
        ("netProfit >= 25 usd && priceAge <= 12000 ms", true),
        ("netProfit > 1_000 usd || margin >= 300 bps", true),
        ("!(netProfit > 1_000 usd) && legs == 2", true),
        ("netProfit - 2 * cost > 19 usd", true),
        ("netProfit - cost * 2 > 20 usd", false),
        ("(netProfit + cost) == grossProfit", true),
        ("((health < 1))", true),
        ("netProfit > -5 usd", true),
        ("health > -1", true),
        ("cost < notional * 0.5%", false),
        ("cost <= 0.5% * notional", true),
        ("sourceAge - priceAge == 1 s", true),
        ("cost * legs == 10 usd", true),
        ("health < 1 || netProfit > 5 usd && legs == 9", true),
    ])
    func `a condition holds exactly when arithmetic says so`(text: String, expected: Bool) throws {
        #expect(try Condition(text).holds(for: figures) == expected)
    }

    @Test(arguments: [
        ("netProfit >= 25", 11, "cannot compare money with a number without a unit"),
        ("netProfit >= 25 s", 11, "cannot compare money with time"),
        ("health < 1 usd", 8, "cannot compare ratio with money"),
        ("netProfit + priceAge > 1 usd", 11, "units differ"),
        ("netProfit * cost > 1 usd", 11, "one must be a ratio"),
        ("profit > 1 usd", 1, "no value of the catalogue"),
        ("netProfit > 25 gwie", 16, "no unit"),
        ("netProfit > 0.0000001 usd", 13, "finer than"),
        ("legs == 1.5", 6, "cannot compare count"),
        ("health / 2 < 1", 8, "has no meaning here"),
        ("health", 1, "expected a comparison"),
        ("health < 1 2", 12, "expected the end"),
        ("(health < 1", 12, "expected “)”"),
        ("health < (netProfit > 1 usd)", 10, "expected a number"),
        ("", 1, "expected a value"),
        ("!health", 2, "expected a comparison"),
        ("health < 1.", 10, "not a number"),
    ])
    func `a wrong condition is refused with its column`(text: String, column: Int, says: String) {
        let error = #expect(throws: ExpressionError.self) { try Condition(text) }
        #expect(error?.column == column)
        #expect(error?.problem.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `nesting and length are bounded, and the bound is quick`() {
        let deep = String(repeating: "(", count: 900) + "health < 1"
        #expect(throws: ExpressionError.self) { try Condition(deep) }
        let long = "health < 1" + String(repeating: " && health < 1", count: 400)
        #expect(throws: ExpressionError.self) { try Condition(long) }
    }

    @Test func `arithmetic saturates instead of trapping`() throws {
        var extreme = figures
        extreme.netProfit = .max
        extreme.notional = 1
        #expect(try Condition("netProfit * 3 > 1 usd").holds(for: extreme))
        #expect(try Condition("netProfit + netProfit > 1 usd").holds(for: extreme))
        #expect(try Condition("margin > 1").holds(for: extreme))
    }
}
