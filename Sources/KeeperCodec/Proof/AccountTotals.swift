/// What accounts hold and owe, summed by name: the numbers that a proof of a venue's book adds up.
package import KeeperModel
package import WideMath

package struct AccountTotals: Hashable, Sendable {
    package struct Sum: Hashable, Sendable {
        package let name: String
        package let amount: UInt256

        package init(name: String, amount: UInt256) {
            self.name = name
            self.amount = amount
        }
    }

    /// By name, each name once, none of them zero: equal totals are written equally.
    package private(set) var sums: [Sum] = []

    package init() {}

    /// Nil where a name comes twice or in the wrong place, or a sum is zero.
    package init?(sums: [Sum]) {
        for (left, right) in zip(sums, sums.dropFirst()) where !left.precedes(right) { return nil }
        guard !sums.contains(where: \.amount.isZero) else { return nil }
        self.sums = sums
    }

    /// Nil where a sum passes 256 bits, which no honest book does.
    package func adding(_ other: AccountTotals) -> AccountTotals? {
        var joined: [Sum] = []
        var (left, right) = (sums[...], other.sums[...])
        while let first = left.first, let second = right.first {
            if first.name == second.name {
                let (sum, overflow) = first.amount.addingReportingOverflow(second.amount)
                guard !overflow else { return nil }
                joined.append(Sum(name: first.name, amount: sum))
                left = left.dropFirst()
                right = right.dropFirst()
            } else if first.precedes(second) {
                joined.append(first)
                left = left.dropFirst()
            } else {
                joined.append(second)
                right = right.dropFirst()
            }
        }
        var result = AccountTotals()
        result.sums = joined + left + right
        return result
    }

    /// A line for each sum, as hashes cover them.
    var text: String { sums.map { "\($0.name) \($0.amount)\n" }.joined() }
}

extension AccountTotals.Sum {
    fileprivate func precedes(_ other: AccountTotals.Sum) -> Bool {
        name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
}

extension AccountPosition {
    /// The position's own figures, unconverted: a proof of them needs no prices.
    package var totals: AccountTotals? {
        switch self {
        case .lending(let position):
            Self.totals(
                position.collateral.map { ("collateral." + $0.asset.text, $0.scaledAmount) }
                    + position.debts.map { ("debt." + $0.asset.text, $0.scaledAmount) })
        case .euler(let position):
            Self.totals(
                position.collateral.map { ("collateral." + $0.asset.text, $0.scaledAmount) }
                    + [("owedExact", position.owedExact)])
        case .goods(let position):
            Self.totals([("goods." + position.asset.text, position.quantity)])
        case .trove(let position):
            Self.totals([("collateral", position.collateral), ("debt", position.debt)])
        case .auction(let position): Self.totals([("lot", position.lot), ("tab", position.tab)])
        case .offer(let position):
            Self.totals([
                ("offered." + position.takeAsset.text, position.takeAmount),
                ("asked", position.payAmount),
            ])
        case .margin(let position):
            Self.totals([
                ("lots." + position.side.rawValue, UInt256(position.lots.magnitude)),
                (
                    position.marginUnits < 0 ? "shortfall" : "margin",
                    UInt256(position.marginUnits.magnitude)
                ),
            ])
        }
    }

    private static func totals(_ figures: [(name: String, amount: UInt256)]) -> AccountTotals? {
        var totals: AccountTotals? = AccountTotals()
        for figure in figures where !figure.amount.isZero {
            let sum = AccountTotals.Sum(name: figure.name, amount: figure.amount)
            totals = AccountTotals(sums: [sum]).flatMap { totals?.adding($0) }
        }
        return totals
    }
}

extension AccountTotals: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        let sums = try json.array { (element) throws(JSONReadError) in
            var object = try element.object()
            let sum = Sum(
                name: try object.string("name"), amount: try object.quotedInteger("amount"))
            try object.finish()
            return sum
        }
        guard let totals = AccountTotals(sums: sums) else {
            throw json.refused("sums by name, each once, none of them 0")
        }
        self = totals
    }

    package func write(to json: inout JSONWriter) {
        json.beginArray()
        for sum in sums {
            json.beginObject()
            json.member("name", sum.name)
            json.member("amount", sum.amount)
            json.endObject()
        }
        json.endArray()
    }
}
