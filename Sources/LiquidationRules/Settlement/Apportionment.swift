/// Division among several without losing or making a unit (`settlement.md` section 0).
package import WideMath

/// One million: rates are parts of it.
let million: Int256 = 1_000_000

/// `amount · ppm / 1e6`.
func share(of amount: Int256, ppm: Int64, rounding: Rounding) -> Int256 {
    (amount * Int256(ppm)).quotient(dividingBy: million, rounding: rounding)
}

/// Largest remainder: every part is its floor, and the units left over go one each to the largest
/// remainders, among equals to the earlier entry. Nothing is given where all weights are zero.
package func split(_ total: Int256, by weights: [Int256]) -> [Int256] {
    precondition(
        total >= 0 && weights.allSatisfy { $0 >= 0 }, "Only what is there is divided, by weights")
    let weightSum = weights.reduce(.zero, +)
    guard weightSum > 0 else { return weights.map { _ in .zero } }
    let divisions = weights.map { (total * $0).quotientAndRemainder(dividingBy: weightSum) }
    var parts = divisions.map(\.quotient)
    let byRemainder = divisions.indices.sorted { left, right in
        let (first, second) = (divisions[left].remainder, divisions[right].remainder)
        return first == second ? left < right : first > second
    }
    var leftOver = total - parts.reduce(.zero, +)
    for index in byRemainder where leftOver > 0 {
        parts[index] += 1
        leftOver -= 1
    }
    precondition(leftOver == 0, "A split gives out its total")
    return parts
}

/// The caps themselves where they do not exceed the total, otherwise a split by them, which never
/// exceeds one.
package func split(_ total: Int256, upTo caps: [Int256]) -> [Int256] {
    total >= caps.reduce(.zero, +) ? caps : split(total, by: caps)
}
