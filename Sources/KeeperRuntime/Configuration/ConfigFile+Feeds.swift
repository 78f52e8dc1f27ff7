import KeeperCodec
import KeeperEngine
import KeeperFeeds
import KeeperModel
import KeeperTransport
import WideMath

/// `feeds`: what assets sell for elsewhere, by whom, and when that is believed.
extension ConfigFile {
    static let feedsMax = 64
    static let sourcesMax = 9

    static func feeds(
        _ reader: JSONReader?, _ unit: AssetDescription, _ guards: PriceGuards
    ) throws(JSONReadError) -> [AssetFeed] {
        guard let reader else { return [] }
        let feeds = try reader.array(countMax: feedsMax) { feed throws(JSONReadError) in
            try self.feed(feed, unit, guards)
        }
        guard Set(feeds.map(\.asset)).count == feeds.count else {
            throw reader.refused("each asset once")
        }
        let names = feeds.flatMap(\.sources).map(\.name)
        guard Set(names).count == names.count else {
            throw reader.refused("each source's name once, over all assets")
        }
        guard feeds.isEmpty || guards.parting != nil else {
            throw reader.refused("guards.parting beside it, which says what follows from them")
        }
        return feeds
    }

    private static func feed(
        _ reader: JSONReader, _ unit: AssetDescription, _ guards: PriceGuards
    ) throws(JSONReadError) -> AssetFeed {
        var object = try reader.object()
        let asset = try object.required("asset").identifier(as: AssetID.self)
        let sources = try self.sources(object.required("sources"))
        let quorum = try object.required("quorum")
        let count = try quorum.integer(in: Int64(1)...Int64(sourcesMax))
        guard count <= sources.count else {
            throw quorum.refused("at most the \(sources.count) sources that there are")
        }
        let age = try object.required("age")
        let ageMax = try age.timeSpan(in: .milliseconds(100) ... .seconds(3_600))
        // Older, and the guard on prices would not believe what the sources agree on.
        guard ageMax <= guards.ageMax else { throw age.refused("not above guards.priceAge") }
        let halfWidth = object.optional("halfWidth")
        let average = object.optional("average")
        let lot = object.optional("lot")
        let feed = AssetFeed(
            asset: asset,
            units: PriceUnits(
                quoteDecimals: unit.decimals,
                lotE18: try lot.map { (json) throws(JSONReadError) in
                    try self.lot(json, of: asset)
                } ?? PriceUnits.tokenE18),
            rule: BlendRule(
                quorum: Int(count), ageMax: ageMax,
                deviationMaxPpm: try object.required("deviation").sharePpm(),
                halfWidthMaxPpm: try halfWidth.map { (json) throws(JSONReadError) in
                    try json.sharePpm()
                },
                average: try average.map { (json) throws(JSONReadError) in
                    try self.average(json)
                }),
            whenLost: try object.required("whenLost").choice([
                "refuse": LostPricePolicy.refuse, "warn": .warn,
            ]),
            sources: sources)
        try object.finish()
        return feed
    }

    /// `"0.01 ETH"`: what the venue prices, where that is not one token.
    private static func lot(
        _ reader: JSONReader, of asset: AssetID
    ) throws(JSONReadError) -> UInt256 {
        let lot = try reader.amount(of: AssetDescription(asset: asset, decimals: 18))
        guard !lot.isZero, lot <= PriceUnits.tokenE18 * UInt256(1_000_000) else {
            throw reader.refused("more than nothing and at most a million tokens")
        }
        return lot
    }

    private static func average(_ reader: JSONReader) throws(JSONReadError) -> AverageRule {
        var object = try reader.object()
        let rule = AverageRule(
            window: try object.required("over").timeSpan(in: .seconds(1) ... .seconds(86_400)),
            deviationMaxPpm: try object.required("deviation").sharePpm())
        try object.finish()
        return rule
    }

    // MARK: Sources

    private static func sources(_ reader: JSONReader) throws(JSONReadError) -> [PriceSource] {
        let sources = try reader.array(countMax: sourcesMax) { source throws(JSONReadError) in
            try self.source(source)
        }
        guard !sources.isEmpty else { throw reader.refused("at least one source") }
        return sources
    }

    private static func source(_ reader: JSONReader) throws(JSONReadError) -> PriceSource {
        var object = try reader.object()
        let kind = try object.required("kind")
        let provider: PriceProvider
        switch try kind.string {
        case "pyth": provider = .pyth(feedID: try feedID(object.required("feed")))
        case "binance": provider = .binance(symbol: try word(object.required("symbol")))
        case "coinbase": provider = .coinbase(product: try word(object.required("product")))
        case "kraken": provider = .kraken(pair: try word(object.required("pair")))
        case "json": provider = .json(try form(&object))
        default:
            throw kind.refused("one of " + PriceProvider.names.joined(separator: ", "))
        }
        let name = try object.required("name").identifier(as: EndpointName.self)
        let url = try object.required("url")
        let source = PriceSource(
            name: name.text, provider: provider,
            endpoint: try endpoint(url, named: "feed-" + name.text),
            interval: try object.required("every").timeSpan(
                in: .milliseconds(100) ... .seconds(3_600)))
        do {
            _ = try source.request()
        } catch {
            throw reader.refused("something that can be asked for (\(error))")
        }
        try object.finish()
        return source
    }

    static func endpoint(
        _ reader: JSONReader, named name: String
    ) throws(JSONReadError) -> Endpoint {
        let text = try reader.string
        do {
            return try Endpoint(name: EndpointName(alreadyChecked: name), baseURL: text)
        } catch {
            throw reader.refused("a URL such as https://host: what is there \(error)")
        }
    }

    /// At most four, each a URL of its own.
    static func mirrors(_ reader: JSONReader) throws(JSONReadError) -> [String] {
        let urls = try reader.array(countMax: 4) { url throws(JSONReadError) in
            _ = try endpoint(url, named: "mirror")
            return try url.string
        }
        guard Set(urls).count == urls.count else { throw reader.refused("each URL once") }
        return urls
    }

    private static func word(_ reader: JSONReader) throws(JSONReadError) -> String {
        try reader.identifier(as: EndpointName.self).text
    }

    private static func feedID(_ reader: JSONReader) throws(JSONReadError) -> [UInt8] {
        let text = try reader.string
        let digits = text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
        // Which digit is wrong helps nobody: the feed is not one.
        guard let bytes = try? Hex.decode(digits, prefix: .forbidden, byteCount: 32) else {
            throw reader.refused("32 bytes in hex")
        }
        return bytes
    }

    /// `"price"`, or `"bid"` and `"ask"`: places in the reply.
    private static func form(
        _ object: inout ObjectReader
    ) throws(JSONReadError) -> JSONPriceForm {
        let price: JSONPriceForm.Price
        if let bid = object.optional("bid") {
            price = .between(bid: try pointer(bid), ask: try pointer(object.required("ask")))
        } else {
            price = .at(try pointer(object.required("price")))
        }
        let (query, exponent) = (object.optional("query"), object.optional("exponent"))
        let (halfWidth, time) = (object.optional("halfWidth"), object.optional("time"))
        return JSONPriceForm(
            path: try object.required("path").string,
            query: try query.map { (json) throws(JSONReadError) in try self.query(json) } ?? [],
            price: price,
            exponent: try exponent.map { (json) throws(JSONReadError) in
                Int(try json.integer(in: Int64(-30)...Int64(30)))
            } ?? 0,
            halfWidth: try halfWidth.map { (json) throws(JSONReadError) in try pointer(json) },
            time: try time.map { (json) throws(JSONReadError) in try self.time(json) })
    }

    private static func query(
        _ reader: JSONReader
    ) throws(JSONReadError) -> [JSONPriceForm.Query] {
        try reader.array(countMax: 32) { item throws(JSONReadError) in
            var object = try item.object()
            let query = JSONPriceForm.Query(
                try object.required("name").string, try object.required("value").string)
            try object.finish()
            return query
        }
    }

    private static func time(_ reader: JSONReader) throws(JSONReadError) -> JSONPriceForm.Time {
        var object = try reader.object()
        let at = try pointer(object.required("at"))
        let unit = try object.required("in").choice([
            "s": JSONPriceForm.TimeUnit.seconds, "ms": .milliseconds, "us": .microseconds,
            "ns": .nanoseconds, "utc": .text,
        ])
        try object.finish()
        return JSONPriceForm.Time(at, unit)
    }

    private static func pointer(_ reader: JSONReader) throws(JSONReadError) -> JSONPointer {
        guard let pointer = JSONPointer(try reader.string) else {
            throw reader.refused("a JSON pointer such as /data/0/price")
        }
        return pointer
    }
}
