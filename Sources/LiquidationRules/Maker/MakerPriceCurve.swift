package import KeeperModel
package import WideMath

/// The price of an auction as time passes (`protocols.md` A7). Prices and factors are rays.
extension MakerPriceCurve {
    package func price(
        topRay: UInt256, elapsedSeconds: UInt64
    ) throws(ArithmeticError) -> UInt256 {
        switch self {
        case .linear(let tau):
            guard elapsedSeconds < tau else { return .zero }
            let left = try narrowMulDiv(
                UInt256(tau - elapsedSeconds), ray, dividingBy: UInt256(tau), rounding: .down)
            return try rayMul(topRay, left, rounding: .down)
        case .stairstep(let cut, let step):
            guard step > 0 else { throw .divisionByZero }
            let factor = try rayPower(cut, elapsedSeconds / step)
            return try rayMul(topRay, factor, rounding: .down)
        case .exponential(let cut):
            return try rayMul(topRay, rayPower(cut, elapsedSeconds), rounding: .down)
        }
    }

    /// Whether the price falls at all: a step of no time, or a factor that keeps or raises it,
    /// makes no auction.
    var falls: Bool {
        switch self {
        case .linear(let tau): tau > 0
        case .stairstep(let cut, let step): step > 0 && cut < ray
        case .exponential(let cut): cut < ray
        }
    }
}

/// Square and multiply, every product rounded half up: Maker's `rpow` on its base of one ray.
package func rayPower(_ base: UInt256, _ exponent: UInt64) throws(ArithmeticError) -> UInt256 {
    try scaledPower(base, exponent, unit: ray)
}

/// The same on any unit.
package func scaledPower(
    _ base: UInt256, _ exponent: UInt64, unit: UInt256
) throws(ArithmeticError) -> UInt256 {
    if base.isZero { return exponent == 0 ? unit : .zero }
    var square = base
    var power = exponent % 2 == 0 ? unit : base
    var rest = exponent / 2
    while rest > 0 {
        square = try narrowMulDiv(square, square, dividingBy: unit, rounding: .halfUp)
        if rest % 2 == 1 {
            power = try narrowMulDiv(power, square, dividingBy: unit, rounding: .halfUp)
        }
        rest /= 2
    }
    return power
}
