import KeeperCodec
import WideMath

/// A number of an expression whose dimension is known, or a bare literal that takes on the
/// dimension of what it stands beside, if that is a ratio or a count. Money and time always need
/// their unit written.
struct TypedNode {
    enum Form {
        case node(NumberNode)
        case bare(DecimalLiteral, isNegative: Bool)
    }
    let dimension: Dimension?
    let form: Form

    static let ratioScale: UInt64 = 1_000_000_000_000_000_000

    var name: String { dimension?.rawValue ?? "a number without a unit" }

    func node(_ dimension: Dimension) -> NumberNode {
        switch form {
        case .node(let node): return node
        case .bare(let literal, let isNegative):
            let scaled = literal.scaled(by: dimension == .count ? 1 : Self.ratioScale)
            // The parser refused every literal that does not fit a ratio, the larger of the two.
            let amount = scaled ?? .max
            return .constant(isNegative ? Quantity.saturatingSubtract(.zero, amount) : amount)
        }
    }

    var negated: TypedNode {
        switch form {
        case .bare(let literal, let isNegative):
            TypedNode(dimension: nil, form: .bare(literal, isNegative: !isNegative))
        case .node(let node):
            TypedNode(dimension: dimension, form: .node(.negate(node)))
        }
    }

    /// Both sides in one dimension, or nil where there is none.
    func unified(with other: TypedNode) -> (NumberNode, NumberNode, Dimension)? {
        let dimension = dimension ?? other.dimension ?? .ratio
        guard canBecome(dimension), other.canBecome(dimension) else { return nil }
        return (node(dimension), other.node(dimension), dimension)
    }

    func multiplied(by other: TypedNode) -> TypedNode? {
        let own = dimension ?? .ratio
        switch other.dimension ?? .ratio {
        case .ratio:
            return TypedNode(
                dimension: own, form: .node(.multiplyByRatio(node(own), ratio: other.node(.ratio))))
        case .count where own != .ratio:
            return TypedNode(
                dimension: own, form: .node(.multiplyByCount(node(own), count: other.node(.count))))
        default:
            return own == .ratio || own == .count ? other.multiplied(by: self) : nil
        }
    }

    private func canBecome(_ dimension: Dimension) -> Bool {
        switch (self.dimension, form) {
        case (dimension, _): true
        case (nil, .bare(let literal, _)):
            dimension == .ratio || (dimension == .count && literal.fractionDigits == 0)
        default: false
        }
    }
}
