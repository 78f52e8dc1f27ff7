import KeeperCodec
import WideMath

/// From tokens to a condition, by recursive descent without backtracking, checking dimensions on
/// the way. One grammar serves truths and numbers; each operator says which it needs.
///
///     either      = conjunction { "||" conjunction }
///     conjunction = relation { "&&" relation }
///     relation    = sum [ comparison sum ]
///     sum         = term { ("+" | "-") term }
///     term        = factor { "*" factor }
///     factor      = number [unit] | value | "-" factor | "!" factor | "(" either ")"
struct ConditionParser {
    private let tokens: [ExpressionToken]
    private var position = 0
    private var depth = 0

    static let depthMax = 32

    init(tokens: [ExpressionToken]) {
        self.tokens = tokens
    }

    mutating func condition() throws(ExpressionError) -> BooleanNode {
        let start = current.column
        let parsed = try either()
        guard case .end = current.kind else {
            throw error("expected the end or && or ||, found \(current.text)")
        }
        return try truth(parsed, at: start)
    }

    private mutating func either() throws(ExpressionError) -> Parsed {
        try chain("||", BooleanNode.or) { parser throws(ExpressionError) in
            try parser.conjunction()
        }
    }

    private mutating func conjunction() throws(ExpressionError) -> Parsed {
        try chain("&&", BooleanNode.and) { parser throws(ExpressionError) in
            try parser.relation()
        }
    }

    private mutating func chain(
        _ symbol: String, _ join: (BooleanNode, BooleanNode) -> BooleanNode,
        _ part: (inout ConditionParser) throws(ExpressionError) -> Parsed
    ) throws(ExpressionError) -> Parsed {
        var column = current.column
        var parsed = try part(&self)
        while take(symbol) {
            let left = try truth(parsed, at: column)
            column = current.column
            let right = try truth(try part(&self), at: column)
            parsed = .truth(join(left, right))
        }
        return parsed
    }

    private mutating func relation() throws(ExpressionError) -> Parsed {
        let leftColumn = current.column
        let left = try sum()
        guard case .symbol(let symbol) = current.kind, let comparison = Comparison(rawValue: symbol)
        else { return left }
        let column = current.column
        position += 1
        let rightColumn = current.column
        let right = try number(try sum(), at: rightColumn)
        let leftNumber = try number(left, at: leftColumn)
        guard let (leftNode, rightNode, _) = leftNumber.unified(with: right) else {
            throw ExpressionError(
                column: column,
                problem: "cannot compare \(leftNumber.name) with \(right.name): "
                    + "both sides need one unit")
        }
        return .truth(.compare(leftNode, comparison, rightNode))
    }

    private mutating func sum() throws(ExpressionError) -> Parsed {
        let leftColumn = current.column
        var parsed = try term()
        while case .symbol(let symbol) = current.kind, symbol == "+" || symbol == "-" {
            let column = current.column
            position += 1
            let rightColumn = current.column
            let right = try number(try term(), at: rightColumn)
            let left = try number(parsed, at: leftColumn)
            guard let (leftNode, rightNode, dimension) = left.unified(with: right) else {
                throw ExpressionError(
                    column: column,
                    problem: "cannot combine \(left.name) and \(right.name): units differ")
            }
            parsed = .number(
                TypedNode(
                    dimension: dimension,
                    form: .node(
                        symbol == "+" ? .add(leftNode, rightNode) : .subtract(leftNode, rightNode)))
            )
        }
        return parsed
    }

    private mutating func term() throws(ExpressionError) -> Parsed {
        let leftColumn = current.column
        var parsed = try factor()
        while case .symbol("*") = current.kind {
            let column = current.column
            position += 1
            let rightColumn = current.column
            let right = try number(try factor(), at: rightColumn)
            let left = try number(parsed, at: leftColumn)
            guard let product = left.multiplied(by: right) else {
                throw ExpressionError(
                    column: column,
                    problem: "cannot multiply \(left.name) by \(right.name): one must be a ratio")
            }
            parsed = .number(product)
        }
        return parsed
    }

    private mutating func factor() throws(ExpressionError) -> Parsed {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthMax { throw error("nested deeper than \(Self.depthMax)") }
        if take("!") {
            let column = current.column
            return .truth(.not(try truth(try factor(), at: column)))
        }
        if take("-") {
            let column = current.column
            return .number(try number(try factor(), at: column).negated)
        }
        if take("(") {
            let inner = try either()
            guard take(")") else { throw error("expected “)”, found \(current.text)") }
            return inner
        }
        switch current.kind {
        case .number(let literal): return .number(try quantity(literal))
        case .word(let word): return .number(try value(named: word))
        default: throw error("expected a value or a number, found \(current.text)")
        }
    }
}

extension ConditionParser {
    private mutating func quantity(_ literal: DecimalLiteral) throws(ExpressionError) -> TypedNode {
        let column = current.column
        position += 1
        guard case .word(let word) = current.kind else {
            guard literal.scaled(by: TypedNode.ratioScale) != nil else {
                throw ExpressionError(
                    column: column, problem: "too large, or more than 18 digits after the point")
            }
            return TypedNode(dimension: nil, form: .bare(literal, isNegative: false))
        }
        guard let unit = UnitOfMeasure.named(word) else {
            let known = UnitOfMeasure.all.map(\.name).joined(separator: ", ")
            throw error("“\(word)” is no unit; units are \(known)")
        }
        position += 1
        guard let amount = literal.scaled(by: unit.scale) else {
            throw ExpressionError(
                column: column, problem: "too large, or finer than the smallest part of 1 \(word)")
        }
        return TypedNode(dimension: unit.dimension, form: .node(.constant(amount)))
    }

    private mutating func value(named word: String) throws(ExpressionError) -> TypedNode {
        guard let value = CatalogueValue(rawValue: word) else {
            let known = CatalogueValue.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("“\(word)” is no value of the catalogue; values are \(known)")
        }
        position += 1
        return TypedNode(dimension: value.dimension, form: .node(.value(value)))
    }

    private var current: ExpressionToken { tokens[min(position, tokens.count - 1)] }

    private mutating func take(_ symbol: String) -> Bool {
        guard case .symbol(symbol) = current.kind else { return false }
        position += 1
        return true
    }

    private func error(_ problem: String) -> ExpressionError {
        ExpressionError(column: current.column, problem: problem)
    }

    private func truth(_ parsed: Parsed, at column: Int) throws(ExpressionError) -> BooleanNode {
        if case .truth(let node) = parsed { return node }
        throw ExpressionError(
            column: column, problem: "expected a comparison such as health < 1, found a number")
    }

    private func number(_ parsed: Parsed, at column: Int) throws(ExpressionError) -> TypedNode {
        if case .number(let node) = parsed { return node }
        throw ExpressionError(column: column, problem: "expected a number, found a comparison")
    }
}

private enum Parsed {
    case truth(BooleanNode)
    case number(TypedNode)
}
