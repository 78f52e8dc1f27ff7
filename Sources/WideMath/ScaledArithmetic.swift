/// Fixed-point products and quotients of the protocols: wad (1e18), ray (1e27) and basis points.
///
/// The contracts that use them multiply inside one word and revert on overflow, so these throw
/// where the contract would revert. Rounding differs by protocol and generation and is always
/// named.

package let wad: UInt256 = 1_000_000_000_000_000_000
package let ray: UInt256 = 1_000_000_000_000_000_000_000_000_000
package let percentageFactor: UInt256 = 10_000

/// The three scales as divisors, for the products that every account and every close is made of.
private let wadDivisor = FixedDivisor(wad)
private let rayDivisor = FixedDivisor(ray)
private let percentageDivisor = FixedDivisor(percentageFactor)

package func wadMul(
    _ a: UInt256, _ b: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    try wadDivisor.narrowMulDiv(a, b, rounding: rounding)
}

package func wadDiv(
    _ a: UInt256, _ b: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    try narrowMulDiv(a, wad, dividingBy: b, rounding: rounding)
}

package func rayMul(
    _ a: UInt256, _ b: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    try rayDivisor.narrowMulDiv(a, b, rounding: rounding)
}

package func rayDiv(
    _ a: UInt256, _ b: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    try narrowMulDiv(a, ray, dividingBy: b, rounding: rounding)
}

package func percentMul(
    _ value: UInt256, _ bps: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    try percentageDivisor.narrowMulDiv(value, bps, rounding: rounding)
}

package func percentDiv(
    _ value: UInt256, _ bps: UInt256, rounding: Rounding
) throws(ArithmeticError) -> UInt256 {
    try narrowMulDiv(value, percentageFactor, dividingBy: bps, rounding: rounding)
}
