package import KeeperModel
import WideMath

/// The files that `import` knows by name.
package enum ImportKind: String, Hashable, Sendable, CaseIterable {
    case klines
    case trades
    case rounds
    case gas
    case liquidations
    case positions
    /// Messages of an exchange about its order book.
    case books
    /// Anything else, with a mapping file.
    case columns
}

/// What the person who imports has to say about the files.
package struct ImportWish: Hashable, Sendable {
    package var asset: AssetID?
    /// Of that asset, where amounts of it are read.
    package var assetDecimals: UInt8?
    package var market = MarketID("lend-main")
    package var priceDecimals = 6
    package var span: TimeSpan?
    package var delay: TimeSpan?

    package init() {}
}

extension ImportKind {
    /// The layout of a kind that has one of its own; positions and columns need a mapping.
    package func layout(_ wish: ImportWish) -> ImportLayout? {
        switch self {
        case .klines: wish.asset.map { Self.klines($0, wish) }
        case .trades: wish.asset.map { Self.trades($0, wish) }
        case .rounds: wish.asset.map { Self.rounds($0, wish) }
        case .gas: Self.gas(wish)
        case .liquidations: Self.liquidations(wish)
        case .books: Self.books(wish)
        case .positions, .columns: nil
        }
    }

    /// Its close is what a candle says, and nobody has it before its end.
    private static func klines(_ asset: AssetID, _ wish: ImportWish) -> ImportLayout {
        var columns = PriceColumns(
            asset: asset, kind: .market, price: "close", decimals: wish.priceDecimals)
        (columns.low, columns.high, columns.open) = ("low", "high", "open")
        columns.isRegular = true
        var layout = ImportLayout(
            time: .column(["ts_ms", "open_time"], .milliseconds), span: wish.span ?? .seconds(60),
            delay: wish.delay ?? .seconds(1), content: .prices(columns))
        layout.namesWithoutHeader = [
            "open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume",
            "count", "taker_buy_volume", "taker_buy_quote_volume", "ignore",
        ]
        return layout
    }

    private static func trades(_ asset: AssetID, _ wish: ImportWish) -> ImportLayout {
        var columns = PriceColumns(
            asset: asset, kind: .market, price: "price", decimals: wish.priceDecimals)
        columns.sharesInstants = true
        columns.round = "id"
        var layout = ImportLayout(
            time: .column(["time", "ts_ms"], .milliseconds), span: .zero,
            delay: wish.delay ?? .milliseconds(200), content: .prices(columns))
        layout.namesWithoutHeader = [
            "id", "price", "qty", "quote_qty", "time", "is_buyer_maker", "is_best_match",
        ]
        return layout
    }

    /// An oracle's own answers: in force from their block on.
    private static func rounds(_ asset: AssetID, _ wish: ImportWish) -> ImportLayout {
        var columns = PriceColumns(
            asset: asset, kind: .eligible, price: "answer", decimals: wish.priceDecimals)
        columns.round = "roundId"
        return ImportLayout(
            time: .column(["updatedAt", "timestamp"], .seconds), span: .zero,
            delay: wish.delay ?? .zero, content: .prices(columns))
    }

    /// What a span's calls paid is known when the span is over.
    private static func gas(_ wish: ImportWish) -> ImportLayout {
        ImportLayout(
            time: .column(["timestamp"], .utc), span: wish.span ?? .seconds(600),
            delay: wish.delay ?? .seconds(12),
            content: .gas(GasColumns(price: "60.0_Perc", weiExponent: 0)))
    }

    /// A book is told as it stands at the end of each span.
    private static func books(_ wish: ImportWish) -> ImportLayout? {
        guard let asset = wish.asset, let decimals = wish.assetDecimals else { return nil }
        return ImportLayout(
            time: .message, span: wish.span ?? .seconds(10), delay: wish.delay ?? .zero,
            content: .books(
                BookForm(
                    asset: AssetDescription(asset: asset, decimals: decimals),
                    priceDecimals: wish.priceDecimals)))
    }

    private static func liquidations(_ wish: ImportWish) -> ImportLayout {
        func named(_ name: String, _ asset: String, _ decimals: UInt8) -> NamedAsset {
            NamedAsset(
                name: name,
                description: AssetDescription(asset: AssetID(asset), decimals: decimals))
        }
        return ImportLayout(
            time: .column(["timestamp"], .seconds), span: .zero, delay: wish.delay ?? .zero,
            content: .liquidations(
                LiquidationColumns(
                    market: wish.market, account: "user", keeper: "liquidator",
                    taken: AmountColumns(asset: "collateral_asset", amount: "collateral_amount"),
                    paid: AmountColumns(asset: "debt_asset", amount: "debt_amount"),
                    assets: [
                        named("WETH", "ETH", 18), named("WBTC", "WBTC", 8), named("USDC", "USD", 6),
                        named("USDT", "USD", 6), named("DAI", "USD", 6),
                    ])))
    }
}
