package import KeeperCodec
import KeeperModel
import WideMath

/// Where a price is in a document of somebody's own making, by pointers, and how it is scaled.
package struct JSONPriceForm: Hashable, Sendable {
    package enum Price: Hashable, Sendable {
        case at(JSONPointer)
        /// Half way between two.
        case between(bid: JSONPointer, ask: JSONPointer)
    }

    package enum TimeUnit: String, Hashable, Sendable, CaseIterable {
        case seconds = "s"
        case milliseconds = "ms"
        case microseconds = "us"
        case nanoseconds = "ns"
        /// RFC 3339 in UTC.
        case text = "utc"
    }

    package struct Time: Hashable, Sendable {
        package let pointer: JSONPointer
        package let unit: TimeUnit

        package init(_ pointer: JSONPointer, _ unit: TimeUnit) {
            self.pointer = pointer
            self.unit = unit
        }
    }

    package struct Query: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let path: String
    package let query: [Query]
    package let price: Price
    /// What is written there times 10^exponent is the price: -8 where 123 means 0.00000123.
    package let exponent: Int
    package let halfWidth: JSONPointer?
    package let time: Time?

    package init(
        path: String, query: [Query] = [], price: Price, exponent: Int = 0,
        halfWidth: JSONPointer? = nil, time: Time? = nil
    ) {
        precondition(abs(exponent) <= ObservedPrice.places, "An exponent is from -30 to 30")
        self.path = path
        self.query = query
        self.price = price
        self.exponent = exponent
        self.halfWidth = halfWidth
        self.time = time
    }

    func price(in reader: JSONReader) throws -> ObservedPrice {
        var priceE30: UInt256
        var halfWidthE30: UInt256?
        switch price {
        case .at(let pointer):
            priceE30 = try pointer.value(in: reader).decimalE30(exponent: exponent)
        case .between(let bid, let ask):
            (priceE30, halfWidthE30) = try middle(
                bidE30: try bid.value(in: reader).decimalE30(exponent: exponent),
                askE30: try ask.value(in: reader).decimalE30(exponent: exponent))
        }
        if let halfWidth {
            halfWidthE30 = try halfWidth.value(in: reader).decimalE30(exponent: exponent)
        }
        let madeAt = try time.map { time in
            try Self.instant(try time.pointer.value(in: reader), time.unit)
        }
        return try checkedPrice(priceE30, halfWidthE30: halfWidthE30, madeAt: madeAt)
    }

    private static func instant(_ reader: JSONReader, _ unit: TimeUnit) throws -> Instant {
        let nanosecondsEach: Int64
        switch unit {
        case .seconds: nanosecondsEach = 1_000_000_000
        case .milliseconds: nanosecondsEach = 1_000_000
        case .microseconds: nanosecondsEach = 1_000
        case .nanoseconds: nanosecondsEach = 1
        case .text: return try reader.timeWithPlaces()
        }
        if case .string = reader.value {
            return try KeeperFeeds.instant(
                try reader.quotedInteger(as: Int64.self), nanosecondsEach: nanosecondsEach, reader)
        }
        return try KeeperFeeds.instant(
            try reader.int64, nanosecondsEach: nanosecondsEach, reader)
    }
}
