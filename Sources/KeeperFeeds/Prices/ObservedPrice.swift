package import KeeperModel
package import WideMath

/// What one source said of one asset, exactly. Between sources prices are whole numbers of 10^-30
/// of the quote for one token: every decimal that an exchange sends fits without rounding, and sums
/// over a day stay within 256 bits.
package struct ObservedPrice: Hashable, Sendable {
    package let priceE30: UInt256
    /// How far from it the true price may be: a source's own word, or half of a book's spread.
    package let halfWidthE30: UInt256?
    /// By the source's clock; nil where it says none.
    package let madeAt: Instant?

    package static let places = 30

    /// A thousand million thousand millions of the quote for a token are no price.
    package static let priceMaxE30 = UInt256(decimal: "1" + String(repeating: "0", count: 48))

    /// Nil for what is no price: nothing, or more than anything costs.
    package init?(priceE30: UInt256, halfWidthE30: UInt256? = nil, madeAt: Instant? = nil) {
        guard !priceE30.isZero, let most = Self.priceMaxE30, priceE30 < most else { return nil }
        self.priceE30 = priceE30
        self.halfWidthE30 = halfWidthE30
        self.madeAt = madeAt
    }
}

/// Why a source's reply led to no price.
package struct PriceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// A closed set, fit for a metric's label.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No reply: refused, reset, timed out, too large.
        case transport
        case rateLimited
        /// A status or a body that says no.
        case refusedBySource
        /// Not JSON.
        case malformed
        /// JSON that does not say what it should.
        case unexpected
        /// Of another pair, product or feed than was asked for.
        case otherSubject
        /// Zero, negative, beyond all bounds, or a book whose bid is above its ask.
        case notAPrice
        /// Wider than the configuration believes.
        case tooWide
        /// Made before the one that is known.
        case wentBack
        /// Made later than clocks differ.
        case fromTheFuture
    }

    package let kind: Kind
    package let detail: String
    /// The source's own word on when to ask again.
    package var retryAfter: TimeSpan?

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    package var description: String { "\(kind.rawValue): \(detail)" }
}
