/// Why a settlement is refused before anything moves.
package enum SettlementError: Error, Hashable, Sendable {
    /// An input, or a product of lots and a price, lies outside what `settlement.md` section 0
    /// allows.
    case outOfRange(String)
    /// Two entries of one list carry the same id, so that "by id" would decide nothing.
    case duplicateID(String)
    /// More lots are to be closed than there are.
    case tooManyLots
    /// A leg names an asset that has no price.
    case priceMissing(asset: String)
    /// A rule that validation would have refused, and with which a formula has no meaning.
    case invalidRule(PolicyRule)
}

/// Refuses a number below the bound, or one that only two's complement has.
func require(
    _ value: Int64, atLeast bound: Int64 = -Int64.max, _ name: String
) throws(SettlementError) {
    guard value >= bound else { throw .outOfRange(name) }
}

/// Refuses a product of lots and a price above 2^63 - 1.
func requireProduct(_ lots: Int64, _ price: Int64, _ name: String) throws(SettlementError) {
    let (product, overflow) = lots.multipliedReportingOverflow(by: price)
    guard !overflow, product != .min else { throw .outOfRange(name) }
}
