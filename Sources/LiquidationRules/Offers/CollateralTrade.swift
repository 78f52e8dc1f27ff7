package import KeeperModel
package import WideMath

/// Something is paid and collateral is handed over for it: a borrower's, whose debt is repaid, or
/// collateral that the protocol has taken over already. What is taken never falls as more is paid.
package protocol CollateralTrade: Sendable {
    var kind: CloseKind { get }
    var payAsset: AssetID { get }
    var takeAsset: AssetID { get }
    /// One whole token of what is taken, in its smallest units.
    var takeUnit: UInt256 { get }
    /// More than this is never taken.
    var payMax: UInt256 { get }
    /// Payments below the most at which the price of the next unit changes, or between which no
    /// payment is let through, each so that it is still let through when prices have moved by so
    /// much.
    func edges(driftPpm: UInt64) -> [UInt256]
    /// For how long its price has been falling by itself, by the venue's clock.
    var ageSeconds: UInt64 { get }

    /// What so much, or what is taken of it, would get.
    func quote(payingAtMost amount: UInt256) throws(CloseObstacle) -> TradeQuote
    /// The payment, rounded down, that takes so much; nil where none does.
    func payment(taking amount: UInt256) -> UInt256?
    /// The least payment after which the account has this health, in ppm; nil where none has that
    /// effect.
    func payment(restoringPpm targetPpm: Int64) -> UInt256?

    /// In units of the quote currency at the venue's own prices.
    func worth(ofPaid amount: UInt256, rounding: Rounding) throws(ArithmeticError) -> UInt256
    func worth(ofTaken amount: UInt256, rounding: Rounding) throws(ArithmeticError) -> UInt256
}

package struct TradeQuote: Hashable, Sendable {
    package let paid: UInt256
    /// Net of the protocol's fee.
    package let taken: UInt256
    /// The protocol's part, of what is taken.
    package let fee: UInt256
    /// The whole debt is repaid, so that interest until then asks for a little more.
    package let isWholeDebt: Bool
    /// All of the collateral is taken, so that at a better price the same payment would leave a
    /// rest.
    package let isWholeCollateral: Bool
    /// By how much prices may move before the rules refuse what is left as dust.
    package let driftMaxPpm: UInt64

    package init(
        paid: UInt256, taken: UInt256, fee: UInt256 = .zero, isWholeDebt: Bool = false,
        isWholeCollateral: Bool = false, driftMaxPpm: UInt64 = .max
    ) {
        self.paid = paid
        self.taken = taken
        self.fee = fee
        self.isWholeDebt = isWholeDebt
        self.isWholeCollateral = isWholeCollateral
        self.driftMaxPpm = driftMaxPpm
    }
}

/// Why the rules let no such close through.
package struct CloseObstacle: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// Arithmetic that reverts here reverts there.
    package init(_ error: ArithmeticError) {
        self.init("the rules' arithmetic reverts: \(error)")
    }
}

/// Rules of a market where collateral can be had for a payment.
package protocol TradingRules: PublishedMarketRules {
    associatedtype Trade: CollateralTrade

    /// Every pair of what is paid and taken, in the position's order; nil while a price is missing.
    func trades(of position: Position) -> [Trade]?
}
