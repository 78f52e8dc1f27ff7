import KeeperCodec
import KeeperModel
import WideMath

/// Reads the layout of a file that nobody knows by name: strict JSON with comments, where every
/// amount and time carries its unit.
package enum MappingFile {
    package static func read(
        _ bytes: [UInt8], file: String, wish: ImportWish
    ) throws(ImportRefused) -> ImportLayout {
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes, limits: .configuration, dialect: .withComments)
        } catch {
            throw ImportRefused(file: file, error.description)
        }
        do {
            return try MappingReading(wish: wish).layout(JSONReader(value))
        } catch {
            throw ImportRefused(file: file, error.description)
        }
    }
}

private struct MappingReading {
    let wish: ImportWish

    func layout(_ json: JSONReader) throws(JSONReadError) -> ImportLayout {
        var object = try json.object()
        let rows = try object.required("rows").string
        var layout = ImportLayout(
            time: try time(object.required("time")), span: wish.span ?? .zero,
            delay: wish.delay ?? .zero, content: try content(rows, json, &object))
        if let span = object.optional("span") { layout.span = try Self.span(span) }
        if let delay = object.optional("delay") { layout.delay = try Self.span(delay) }
        if let names = object.optional("namesWithoutHeader") {
            layout.namesWithoutHeader = try names.array(countMax: 256) {
                (name) throws(JSONReadError) in try name.string
            }
        }
        try object.finish()
        return layout
    }

    private func content(
        _ rows: String, _ json: JSONReader, _ object: inout ObjectReader
    ) throws(JSONReadError) -> ImportLayout.Content {
        switch rows {
        case "prices": .prices(try prices(object.required("price")))
        case "gas": .gas(try gas(object.required("gas")))
        case "liquidations": .liquidations(try liquidations(object.required("liquidation")))
        case "positions": .positions(try positions(object.required("position")))
        case "books": .snapshots(try snapshots(object.required("book")))
        default: throw json.refused("rows of prices, gas, liquidations, positions or books")
        }
    }

    private static func span(_ json: JSONReader) throws(JSONReadError) -> TimeSpan {
        try json.timeSpan(in: .zero ... .seconds(7 * 86_400))
    }

    private func time(_ json: JSONReader) throws(JSONReadError) -> TimeColumn {
        var object = try json.object()
        if let fixed = object.optional("at") {
            guard let instant = UTCText.instant(try fixed.string) else {
                throw fixed.refused("an instant such as \"2020-03-12T00:00:00Z\"")
            }
            try object.finish()
            return .fixed(instant)
        }
        let column = try object.required("column").string
        let unit = try object.required("unit").choice([
            "s": TimeUnit.seconds, "ms": .milliseconds, "us": .microseconds, "utc": .utc,
            "date": .date,
        ])
        try object.finish()
        return .column([column], unit)
    }

    private func prices(_ json: JSONReader) throws(JSONReadError) -> PriceColumns {
        var object = try json.object()
        var columns = PriceColumns(
            asset: try object.required("asset").identifier(as: AssetID.self),
            kind: try object.required("kind").choice([
                "market": PriceKind.market, "eligible": .eligible,
            ]),
            price: try object.required("column").string, decimals: wish.priceDecimals)
        columns.low = try object.optional("low")?.string
        columns.high = try object.optional("high")?.string
        columns.open = try object.optional("open")?.string
        columns.round = try object.optional("round")?.string
        columns.isRegular = try object.optional("isRegular")?.bool ?? false
        columns.sharesInstants = try object.optional("sharesInstants")?.bool ?? false
        try object.finish()
        return columns
    }

    private func gas(_ json: JSONReader) throws(JSONReadError) -> GasColumns {
        var object = try json.object()
        let columns = GasColumns(
            price: try object.required("column").string,
            weiExponent: try object.required("unit").choice(["wei": 0, "gwei": 9, "ether": 18]))
        try object.finish()
        return columns
    }

    private func snapshots(_ json: JSONReader) throws(JSONReadError) -> SnapshotColumns {
        var object = try json.object()
        let first = try object.optional("first")?.integer(in: 0...1) ?? 0
        let count = try object.required("levels").integer(in: 1...1_000)
        let columns = SnapshotColumns(
            book: BookForm(asset: try asset(&object), priceDecimals: wish.priceDecimals),
            bidPrice: try pattern(object.required("bidPrice")),
            bidQuantity: try pattern(object.required("bidQuantity")),
            askPrice: try pattern(object.required("askPrice")),
            askQuantity: try pattern(object.required("askQuantity")),
            numbers: first..<first + count,
            isRegular: try object.optional("isRegular")?.bool ?? false)
        try object.finish()
        return columns
    }

    private func pattern(_ json: JSONReader) throws(JSONReadError) -> String {
        let text = try json.string
        guard text.contains("#") else {
            throw json.refused("a name with # where the number of the level stands")
        }
        return text
    }

    private func liquidations(_ json: JSONReader) throws(JSONReadError) -> LiquidationColumns {
        var object = try json.object()
        let assets = try object.required("assets").array(countMax: 1_000) {
            (element) throws(JSONReadError) in
            var object = try element.object()
            let named = NamedAsset(
                name: try object.required("name").string, description: try asset(&object))
            try object.finish()
            return named
        }
        let columns = LiquidationColumns(
            market: wish.market, account: try object.required("account").string,
            keeper: try object.optional("keeper")?.string,
            taken: try amount(object.required("taken")), paid: try amount(object.required("paid")),
            assets: assets)
        try object.finish()
        return columns
    }

    private func amount(_ json: JSONReader) throws(JSONReadError) -> AmountColumns {
        var object = try json.object()
        let columns = AmountColumns(
            asset: try object.required("asset").string,
            amount: try object.required("amount").string)
        try object.finish()
        return columns
    }

    private func positions(_ json: JSONReader) throws(JSONReadError) -> PositionColumns {
        var object = try json.object()
        let scale = object.optional("scale")
        let columns = PositionColumns(
            market: wish.market, account: try object.required("account").string,
            collateral: try balances(object.required("collateral")),
            debts: try balances(object.required("debts")),
            scalePpm: try scale.map { (json) throws(JSONReadError) in
                try json.quotedDecimal(scale: 6, as: UInt64.self)
            } ?? 1_000_000)
        guard columns.scalePpm > 0 else { throw json.refused("a scale above 0") }
        try object.finish()
        return columns
    }

    private func balances(_ json: JSONReader) throws(JSONReadError) -> [BalanceColumn] {
        try json.array(countMax: 64) { (element) throws(JSONReadError) in
            var object = try element.object()
            let times = object.optional("times")
            let threshold = try object.optional("threshold")?.sharePpm()
            let column = BalanceColumn(
                column: try object.required("column").string, asset: try asset(&object),
                timesPpb: try times.map { (json) throws(JSONReadError) in
                    try json.quotedDecimal(scale: 9, as: UInt256.self)
                } ?? UInt256(1_000_000_000), thresholdPpm: threshold)
            try object.finish()
            return column
        }
    }

    private func asset(_ object: inout ObjectReader) throws(JSONReadError) -> AssetDescription {
        AssetDescription(
            asset: try object.required("asset").identifier(as: AssetID.self),
            decimals: try object.required("decimals").integer(in: UInt8(0)...18))
    }
}
