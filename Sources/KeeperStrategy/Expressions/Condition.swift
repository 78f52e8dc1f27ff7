import WideMath

/// A strategy's condition, checked and compiled at load.
///
/// Evaluation is total: every value is defined for every candidate, arithmetic saturates at the
/// ends of 256 bits, there is no division, and depth and length are bounded at load.
package struct Condition: Hashable, Sendable {
    package let text: String
    let root: BooleanNode

    package init(_ text: String) throws(ExpressionError) {
        var parser = ConditionParser(tokens: try ExpressionLexer.tokens(of: text))
        self.text = text
        self.root = try parser.condition()
    }

    package func holds(for figures: CatalogueFigures) -> Bool {
        root.holds(for: figures)
    }
}

indirect enum BooleanNode: Hashable, Sendable {
    case compare(NumberNode, Comparison, NumberNode)
    case not(BooleanNode)
    case and(BooleanNode, BooleanNode)
    case or(BooleanNode, BooleanNode)

    func holds(for figures: CatalogueFigures) -> Bool {
        switch self {
        case .compare(let left, let comparison, let right):
            comparison.holds(left.amount(for: figures), right.amount(for: figures))
        case .not(let node): !node.holds(for: figures)
        case .and(let left, let right): left.holds(for: figures) && right.holds(for: figures)
        case .or(let left, let right): left.holds(for: figures) || right.holds(for: figures)
        }
    }
}

enum Comparison: String, Hashable, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case unequal = "!="

    func holds(_ left: Int256, _ right: Int256) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        case .equal: left == right
        case .unequal: left != right
        }
    }
}

indirect enum NumberNode: Hashable, Sendable {
    case constant(Int256)
    case value(CatalogueValue)
    case negate(NumberNode)
    case add(NumberNode, NumberNode)
    case subtract(NumberNode, NumberNode)
    /// Either side may be a ratio; the product is scaled back by 1e18, toward zero.
    case multiplyByRatio(NumberNode, ratio: NumberNode)
    case multiplyByCount(NumberNode, count: NumberNode)

    func amount(for figures: CatalogueFigures) -> Int256 {
        switch self {
        case .constant(let amount): amount
        case .value(let value): figures.amount(of: value)
        case .negate(let node):
            Quantity.saturatingSubtract(.zero, node.amount(for: figures))
        case .add(let left, let right):
            Quantity.saturatingAdd(left.amount(for: figures), right.amount(for: figures))
        case .subtract(let left, let right):
            Quantity.saturatingSubtract(left.amount(for: figures), right.amount(for: figures))
        case .multiplyByRatio(let node, let ratio):
            Quantity.saturatingMultiply(node.amount(for: figures), ratio.amount(for: figures))
                / Quantity.ratioOne
        case .multiplyByCount(let node, let count):
            Quantity.saturatingMultiply(node.amount(for: figures), count.amount(for: figures))
        }
    }
}

extension Quantity {
    static func saturatingAdd(_ left: Int256, _ right: Int256) -> Int256 {
        let sum = left.addingReportingOverflow(right)
        guard sum.overflow else { return sum.partialValue }
        return left.isNegative ? .min : .max
    }

    static func saturatingSubtract(_ left: Int256, _ right: Int256) -> Int256 {
        let difference = left.subtractingReportingOverflow(right)
        guard difference.overflow else { return difference.partialValue }
        return left.isNegative ? .min : .max
    }

    static func saturatingMultiply(_ left: Int256, _ right: Int256) -> Int256 {
        let product = left.multipliedReportingOverflow(by: right)
        guard product.overflow else { return product.partialValue }
        return left.isNegative == right.isNegative ? .max : .min
    }
}
