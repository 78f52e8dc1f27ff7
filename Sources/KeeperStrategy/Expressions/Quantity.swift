package import WideMath

/// What kind of thing a number counts. Only like may be compared with like.
package enum Dimension: String, Hashable, Sendable {
    /// Units of account, 1e-6 of the quote currency.
    case money
    /// Nanoseconds.
    case time
    /// Parts of 1e18: a health of one, a share of 100 %.
    case ratio
    /// Whole things.
    case count
}

/// An exact number with its dimension, in the dimension's own smallest unit.
package struct Quantity: Hashable, Sendable {
    package let dimension: Dimension
    package let amount: Int256

    package init(_ dimension: Dimension, _ amount: Int256) {
        self.dimension = dimension
        self.amount = amount
    }

    static let ratioOne = Int256(1_000_000_000_000_000_000)
}

/// The units a strategy file may write after a number, and what one of them is.
///
/// A number with no unit is a ratio when it has a point or stands beside one, else a count; the
/// compiler settles which by what it is compared with.
package struct UnitOfMeasure: Hashable, Sendable {
    package let name: String
    package let dimension: Dimension
    /// One of it in the dimension's smallest unit.
    package let scale: UInt64

    package static let all: [UnitOfMeasure] = [
        UnitOfMeasure(name: "usd", dimension: .money, scale: 1_000_000),
        UnitOfMeasure(name: "ns", dimension: .time, scale: 1),
        UnitOfMeasure(name: "ms", dimension: .time, scale: 1_000_000),
        UnitOfMeasure(name: "s", dimension: .time, scale: 1_000_000_000),
        UnitOfMeasure(name: "min", dimension: .time, scale: 60_000_000_000),
        UnitOfMeasure(name: "h", dimension: .time, scale: 3_600_000_000_000),
        UnitOfMeasure(name: "%", dimension: .ratio, scale: 10_000_000_000_000_000),
        UnitOfMeasure(name: "bps", dimension: .ratio, scale: 100_000_000_000_000),
    ]

    package static func named(_ name: String) -> UnitOfMeasure? {
        all.first { $0.name == name }
    }
}
