import WideMath

extension Condition {
    /// Why no candidate could ever meet this condition; nil where one could, or where that takes
    /// more than comparing each value with constants to find out.
    package var contradiction: String? {
        var search = ContradictionSearch()
        guard !search.canHold([root], .everything) else { return nil }
        guard let value = search.crushed else {
            return "a condition that can hold; it compares numbers that never change"
        }
        return "a condition that can hold; no \(value.rawValue) meets all that is said of it"
            + (value.possible.isEverything ? "" : ", and it is \(value.possible.text(of: value))")
    }
}

/// Goes through the ways in which a condition may be met, each a set of comparisons, and asks of
/// each whether some value is left with no room.
private struct ContradictionSearch {
    /// The value that had no room in the first way that was tried.
    private(set) var crushed: CatalogueValue?
    /// Ways multiply: beyond this many steps a condition is taken to be possible.
    private var stepsLeft = 2_000

    mutating func canHold(_ pending: [BooleanNode], _ bounds: ValueBounds) -> Bool {
        stepsLeft -= 1
        guard stepsLeft > 0 else { return true }
        var pending = pending
        guard let node = pending.popLast() else { return true }
        switch node {
        case .and(let left, let right):
            return canHold(pending + [right, left], bounds)
        case .or(let left, let right):
            return canHold(pending + [left], bounds) || canHold(pending + [right], bounds)
        case .not(let inner):
            return canHold(pending + [inner.negated], bounds)
        case .compare(let left, let comparison, let right):
            return canHold(pending, bounds, left, comparison, right)
        }
    }

    private mutating func canHold(
        _ pending: [BooleanNode], _ bounds: ValueBounds, _ left: NumberNode,
        _ comparison: Comparison, _ right: NumberNode
    ) -> Bool {
        switch (left, left.constantAmount, right, right.constantAmount) {
        case (_, let left?, _, let right?):
            return comparison.holds(left, right) && canHold(pending, bounds)
        case (.value(let value), nil, _, let amount?):
            return canHold(pending, bounds, value, comparison, amount)
        case (_, let amount?, .value(let value), nil):
            return canHold(pending, bounds, value, comparison.mirrored, amount)
        default:
            return canHold(pending, bounds)
        }
    }

    private mutating func canHold(
        _ pending: [BooleanNode], _ bounds: ValueBounds, _ value: CatalogueValue,
        _ comparison: Comparison, _ amount: Int256
    ) -> Bool {
        var bounds = bounds
        guard bounds.narrow(value, comparison, amount) else {
            crushed = crushed ?? value
            return false
        }
        return canHold(pending, bounds)
    }
}

/// From where to where each value may be; whole numbers, so that every bound is one that it may
/// reach.
private struct ValueBounds {
    private var ranges: [CatalogueValue: AmountRange] = [:]

    static let everything = ValueBounds()

    /// False where nothing is left of it.
    mutating func narrow(
        _ value: CatalogueValue, _ comparison: Comparison, _ amount: Int256
    ) -> Bool {
        var range = ranges[value] ?? value.possible
        guard range.narrow(comparison, amount) else { return false }
        ranges[value] = range
        return true
    }
}

private struct AmountRange {
    var least: Int256 = .min
    var most: Int256 = .max

    var isEverything: Bool { least == .min && most == .max }

    mutating func narrow(_ comparison: Comparison, _ amount: Int256) -> Bool {
        switch comparison {
        case .less:
            guard amount > .min else { return false }
            most = min(most, amount - .one)
        case .lessOrEqual: most = min(most, amount)
        case .greater:
            guard amount < .max else { return false }
            least = max(least, amount + .one)
        case .greaterOrEqual: least = max(least, amount)
        case .equal:
            least = max(least, amount)
            most = min(most, amount)
        case .unequal:
            // A hole in the middle leaves both ends.
            return least != most || least != amount
        }
        return least <= most
    }

    func text(of value: CatalogueValue) -> String {
        value == .health ? "between 0 and 1 where an account may be closed" : "never below 0"
    }
}

extension CatalogueValue {
    /// Where it can be for whoever is a candidate at all.
    fileprivate var possible: AmountRange {
        switch self {
        case .health: AmountRange(least: .zero, most: Quantity.ratioOne)
        case .notional, .legs, .priceAge, .auctionAge: AmountRange(least: .zero)
        case .netProfit, .grossProfit, .cost, .margin, .sourceAge, .discount: AmountRange()
        }
    }
}

extension BooleanNode {
    fileprivate var negated: BooleanNode {
        switch self {
        case .compare(let left, let comparison, let right):
            .compare(left, comparison.opposite, right)
        case .not(let node): node
        case .and(let left, let right): .or(left.negated, right.negated)
        case .or(let left, let right): .and(left.negated, right.negated)
        }
    }
}

extension Comparison {
    fileprivate var opposite: Comparison {
        switch self {
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        case .equal: .unequal
        case .unequal: .equal
        }
    }

    /// The same with its sides exchanged.
    fileprivate var mirrored: Comparison {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .unequal: self
        }
    }
}

extension NumberNode {
    /// What it is for every candidate; nil where it depends on one.
    fileprivate var constantAmount: Int256? {
        switch self {
        case .constant(let amount): return amount
        case .value: return nil
        case .negate(let node):
            return node.constantAmount.map { Quantity.saturatingSubtract(.zero, $0) }
        case .add(let left, let right):
            return both(left, right).map { Quantity.saturatingAdd($0, $1) }
        case .subtract(let left, let right):
            return both(left, right).map { Quantity.saturatingSubtract($0, $1) }
        case .multiplyByRatio(let node, let ratio):
            return both(node, ratio).map {
                Quantity.saturatingMultiply($0, $1) / Quantity.ratioOne
            }
        case .multiplyByCount(let node, let count):
            return both(node, count).map { Quantity.saturatingMultiply($0, $1) }
        }
    }

    private func both(_ left: NumberNode, _ right: NumberNode) -> (Int256, Int256)? {
        guard let left = left.constantAmount, let right = right.constantAmount else { return nil }
        return (left, right)
    }
}
