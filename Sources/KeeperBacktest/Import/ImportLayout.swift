package import KeeperModel
package import WideMath

/// What the rows of a file are and where in a row everything stands. The kinds that `import` knows
/// by name have theirs built in (`ImportKind`); any other file brings one of its own.
package struct ImportLayout: Hashable, Sendable {
    package var time: TimeColumn
    /// The time that a row covers: what it says is not over before its end.
    package var span: TimeSpan
    /// From the end of that until anybody could know it.
    package var delay: TimeSpan
    /// Names for a file whose first line is a row already.
    package var namesWithoutHeader: [String] = []
    package var content: Content

    package init(time: TimeColumn, span: TimeSpan, delay: TimeSpan, content: Content) {
        self.time = time
        self.span = span
        self.delay = delay
        self.content = content
    }

    package enum Content: Hashable, Sendable {
        case prices(PriceColumns)
        case gas(GasColumns)
        case liquidations(LiquidationColumns)
        case positions(PositionColumns)
        /// An order book in each row.
        case snapshots(SnapshotColumns)
        /// No table: a message of an exchange in each line.
        case books(BookForm)
    }
}

/// When a row happened.
package enum TimeColumn: Hashable, Sendable {
    /// The first of these names that the file has.
    case column([String], TimeUnit)
    /// Every row at the same instant: a snapshot.
    case fixed(Instant)
    /// Each message says it itself.
    case message
}

package enum TimeUnit: String, Hashable, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    /// `2020-03-12T00:10:00Z`, with or without a fraction of zeros.
    case utc
    /// `2020-03-12`, which is its beginning.
    case date
}

package struct PriceColumns: Hashable, Sendable {
    package let asset: AssetID
    package let kind: PriceKind
    package let price: String
    /// Where there are some, the price lies between them.
    package var low: String?
    package var high: String?
    package var open: String?
    /// Rises with every row, where there is one.
    package var round: String?
    /// How many digits of a price are kept behind the point: those of the quote currency.
    package let decimals: Int
    /// Rows are a span apart, so that one that is missing can be seen.
    package var isRegular = false
    /// More than one row at an instant is no duplicate.
    package var sharesInstants = false

    package init(asset: AssetID, kind: PriceKind, price: String, decimals: Int) {
        self.asset = asset
        self.kind = kind
        self.price = price
        self.decimals = decimals
    }
}

package struct GasColumns: Hashable, Sendable {
    package let price: String
    /// The power of ten of wei that the column counts: 9 for gwei.
    package let weiExponent: Int

    package init(price: String, weiExponent: Int) {
        self.price = price
        self.weiExponent = weiExponent
    }
}

package struct LiquidationColumns: Hashable, Sendable {
    package let market: MarketID
    package let account: String
    /// Who closed; an empty field is somebody unknown.
    package let keeper: String?
    package let taken: AmountColumns
    package let paid: AmountColumns
    /// How the file calls assets, and what they are here; rows about others are left out.
    package let assets: [NamedAsset]

    package init(
        market: MarketID, account: String, keeper: String?, taken: AmountColumns,
        paid: AmountColumns, assets: [NamedAsset]
    ) {
        self.market = market
        self.account = account
        self.keeper = keeper
        self.taken = taken
        self.paid = paid
        self.assets = assets
    }
}

package struct AmountColumns: Hashable, Sendable {
    package let asset: String
    package let amount: String

    package init(asset: String, amount: String) {
        self.asset = asset
        self.amount = amount
    }
}

package struct NamedAsset: Hashable, Sendable {
    package let name: String
    package let description: AssetDescription

    package init(name: String, description: AssetDescription) {
        self.name = name
        self.description = description
    }
}

package struct PositionColumns: Hashable, Sendable {
    package let market: MarketID
    package let account: String
    package let collateral: [BalanceColumn]
    package let debts: [BalanceColumn]
    /// What every balance is multiplied with, in millionths; said wherever the rows are used.
    package let scalePpm: UInt64

    package init(
        market: MarketID, account: String, collateral: [BalanceColumn], debts: [BalanceColumn],
        scalePpm: UInt64
    ) {
        self.market = market
        self.account = account
        self.collateral = collateral
        self.debts = debts
        self.scalePpm = scalePpm
    }
}

/// A column of whole tokens, or of something that so many tokens of the asset are worth.
package struct BalanceColumn: Hashable, Sendable {
    package let column: String
    package let asset: AssetDescription
    /// Tokens of the asset for each of what the column counts, in billionths.
    package let timesPpb: UInt256
    /// What part of its worth counts against debt, where a health is worked out of the file itself.
    package let thresholdPpm: UInt64?

    package init(
        column: String, asset: AssetDescription, timesPpb: UInt256, thresholdPpm: UInt64? = nil
    ) {
        self.column = column
        self.asset = asset
        self.timesPpb = timesPpb
        self.thresholdPpm = thresholdPpm
    }
}

/// Best levels first, the columns of each numbered: `bids[0].price`, `bids[1].price` and so on.
package struct SnapshotColumns: Hashable, Sendable {
    package let book: BookForm
    /// Names with a `#` where the number stands.
    package let bidPrice: String
    package let bidQuantity: String
    package let askPrice: String
    package let askQuantity: String
    package let numbers: Range<Int>
    /// Rows are a span apart, so that one that is missing can be seen.
    package let isRegular: Bool

    package init(
        book: BookForm, bidPrice: String, bidQuantity: String, askPrice: String,
        askQuantity: String, numbers: Range<Int>, isRegular: Bool
    ) {
        self.book = book
        self.bidPrice = bidPrice
        self.bidQuantity = bidQuantity
        self.askPrice = askPrice
        self.askQuantity = askQuantity
        self.numbers = numbers
        self.isRegular = isRegular
    }

    static func column(_ pattern: String, _ number: Int) -> String {
        pattern.replacing("#", with: "\(number)")
    }
}

/// Whose order book it is, and in what it counts.
package struct BookForm: Hashable, Sendable {
    package let asset: AssetDescription
    /// How many digits of a price are kept behind the point: those of the quote currency.
    package let priceDecimals: Int

    package init(asset: AssetDescription, priceDecimals: Int) {
        self.asset = asset
        self.priceDecimals = priceDecimals
    }
}
