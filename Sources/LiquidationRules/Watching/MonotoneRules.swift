package import WideMath

/// A variable that a position depends on, and which way it endangers the position.
package struct Dependency: Hashable, Sendable {
    package enum Danger: Hashable, Sendable {
        case falling, rising

        fileprivate var opposite: Danger { self == .falling ? .rising : .falling }
    }

    package let variable: Int
    package let danger: Danger
    /// What a move is measured by; the variable's own value where nil.
    package let span: UInt128?
    /// The low digits of another variable, which jump about while that one moves little.
    package let isLowDigits: Bool

    package init(
        _ variable: Int, _ danger: Danger, span: UInt128? = nil, isLowDigits: Bool = false
    ) {
        self.variable = variable
        self.danger = danger
        self.span = span
        self.isLowDigits = isLowDigits
    }
}

/// Rules whose answer is a monotone function of every variable: each of them endangers an account
/// one way only, roundings included, for floors and ceilings are monotone themselves.
///
/// So a box of variables is judged by one of its corners. Where the contract's own test, asked with
/// every variable at its dangerous end, still finds the account healthy, it finds it healthy
/// everywhere inside; and the other way round for one that can be closed. No bound on any rounding
/// is needed, and the enclosure is exact where an account has a single variable.
///
/// What a conformer has to show is the monotony, which it does beside its `dependencies`, and that
/// the side of the debt fits its word for every variable that the market takes in.
package protocol MonotoneRules: MarketRules {
    /// The present values, by the number of their variable; 0 is not yet known.
    var values: [UInt128] { get }

    /// Both sides of the rule at such values; nil while one that it needs is not known.
    func standing(_ position: Position, at values: [UInt128]) -> Standing?

    /// Every variable that the standing depends on, each at most once.
    func dependencies(of position: Position) -> [Dependency]
}

extension MonotoneRules {
    package var variableCount: Int { values.count }
    package func value(ofVariable variable: Int) -> UInt128 { values[variable] }

    package func isLiquidatable(_ position: Position) -> Bool {
        standing(position, at: values)?.isLiquidatable ?? false
    }

    package func healthWad(_ position: Position) -> UInt256 {
        standing(position, at: values)?.healthWad ?? .max
    }

    package func watch(_ position: Position, into watches: inout [Watch]) -> Bool {
        let enclosure = MonotoneEnclosure(values: values, dependencies: dependencies(of: position))
        return enclosure.watch(into: &watches) { values in
            standing(position, at: values)?.isLiquidatable
        }
    }
}

/// The largest box around the present values, of one proportion for all of them, whose dangerous
/// corner still answers as the present does. A corner without an answer is not the same, and
/// without one at present nothing may move at all.
struct MonotoneEnclosure {
    let values: [UInt128]
    let dependencies: [Dependency]

    /// Moves are counted in 2^-24ths and are at most one half.
    private static let fractionBits: UInt128 = 24
    private static let stepsMax: UInt64 = 1 << 23

    func watch(into watches: inout [Watch], isLiquidatable: ([UInt128]) -> Bool?) -> Bool {
        guard let now = isLiquidatable(values) else {
            fix(in: &watches)
            return false
        }
        // Falling collateral endangers the healthy, rising collateral saves the others.
        func end(_ dependency: Dependency, _ steps: UInt64, _ areDigitsFree: Bool) -> UInt128 {
            let danger = now ? dependency.danger.opposite : dependency.danger
            if dependency.isLowDigits && areDigitsFree { return danger == .falling ? 0 : .max }
            return moved(dependency, danger, by: steps)
        }
        func isSame(_ steps: UInt64, _ areDigitsFree: Bool) -> Bool {
            var corner = values
            for dependency in dependencies {
                corner[dependency.variable] = end(dependency, steps, areDigitsFree)
            }
            return isLiquidatable(corner) == now
        }
        let areDigitsFree = isSame(0, true)
        let steps = Self.last { isSame($0, areDigitsFree) }
        for dependency in dependencies {
            let end = end(dependency, steps, areDigitsFree)
            watches.append(watch(dependency, until: end, areDigitsFree))
        }
        return now
    }

    private func moved(
        _ dependency: Dependency, _ danger: Dependency.Danger, by steps: UInt64
    ) -> UInt128 {
        let value = values[dependency.variable]
        let span = dependency.span ?? value
        // Rounded inward.
        let rest = span & ((1 << Self.fractionBits) - 1)
        let part = (rest * UInt128(steps)) >> Self.fractionBits
        let reach = (span >> Self.fractionBits) * UInt128(steps) + part
        switch danger {
        case .falling: return value - min(reach, value)
        case .rising: return value + min(reach, .max - value)
        }
    }

    /// A value that is not known is fixed, so that its coming is seen.
    private func watch(
        _ dependency: Dependency, until end: UInt128, _ areDigitsFree: Bool
    ) -> Watch {
        let variable = dependency.variable
        let value = values[variable]
        if dependency.isLowDigits && areDigitsFree {
            return Watch(variable: variable, low: 0, high: .max)
        }
        if value == 0 || end == value { return fixed(dependency) }
        return end < value
            ? Watch(variable: variable, low: end, high: .max)
            : Watch(variable: variable, low: 0, high: end)
    }

    /// Whatever moves is asked about again.
    func fix(in watches: inout [Watch]) {
        for dependency in dependencies { watches.append(fixed(dependency)) }
    }

    private func fixed(_ dependency: Dependency) -> Watch {
        let value = values[dependency.variable]
        return Watch(variable: dependency.variable, low: value, high: value)
    }

    /// The last of the steps that is the same, when the first is; by halves.
    private static func last(_ isSame: (UInt64) -> Bool) -> UInt64 {
        if isSame(stepsMax) { return stepsMax }
        var (same, other): (UInt64, UInt64) = (0, stepsMax)
        while other - same > 1 {
            let middle = (same + other) / 2
            if isSame(middle) { same = middle } else { other = middle }
        }
        return same
    }
}
