import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

extension DomainState {
    var isBetweenSets: Bool { pagesTaken.isEmpty }

    /// As members of an object that is open.
    func writeCheckpoint(to json: inout JSONWriter) {
        if let description { json.member("description", description) }
        json.member("height", height)
        json.member("pricesHeight", pricesHeight)
        json.member("depthHeight", depthHeight)
        json.member("chainNewsHeight", chainNewsHeight)
        if let chainNews { json.member("chainNews", chainNews) }
        if let callCostUnits { json.member("callCost", callCostUnits) }
        if let clockGap { json.member("clockGap", clockGap.nanoseconds) }
        json.member("depth", depth.keys.sorted().compactMap { depth[$0] })
        json.member("flashPools", flashPools.keys.sorted().compactMap { flashPools[$0] })
        json.member("uncertainMarkets", uncertainMarkets.sorted())
        json.member("emptiedMarkets", emptiedMarkets.sorted())
        json.member("doubtedReports", doubtedReportCount)
        json.member("switches", switches.keys.sorted().compactMap { switches[$0] })
        json.rows("implementations", knownImplementations.keys.sorted()) { market, json in
            json.member("market", market)
            json.member("name", knownImplementations[market] ?? "")
        }
        json.rows("accountsHeights", accountsHeights.keys.sorted()) { market, json in
            json.member("market", market)
            json.member("height", accountsHeights[market] ?? 0)
        }
        prices.write("prices", to: &json)
        marketPrices.write("marketPrices", to: &json)
        json.rows("books", books.names) { market, json in
            json.member("market", market)
            guard let origin = origins[market], let book = books[market] else { return }
            json.member("terms", origin.terms)
            json.member("bornAt", origin.bornAt)
            json.member("figures", origin.figures)
            json.member("accounts", book.allStates)
        }
    }

    init(
        checkpoint row: inout ObjectReader, guards: PriceGuards, lines: [AccountLine]
    ) throws(JSONReadError) {
        self.init(guards: guards, lines: lines)
        description = try row.valueIfPresent("description")
        height = try row.uint64("height")
        pricesHeight = try row.uint64("pricesHeight")
        depthHeight = try row.uint64("depthHeight")
        chainNewsHeight = try row.uint64("chainNewsHeight")
        chainNews = try row.valueIfPresent("chainNews")
        callCostUnits = try row.optional("callCost").map { (units) throws(JSONReadError) in
            try units.quotedInteger(as: UInt256.self)
        }
        clockGap = try row.optional("clockGap").map { (gap) throws(JSONReadError) in
            TimeSpan(nanoseconds: try gap.int64)
        }
        for book in try row.value("depth", as: [DepthBook].self) { depth[book.asset] = book }
        for pool in try row.value("flashPools", as: [FlashPool].self) {
            flashPools[pool.asset] = pool
        }
        uncertainMarkets = Set(try row.value("uncertainMarkets", as: [MarketID].self))
        emptiedMarkets = Set(try row.value("emptiedMarkets", as: [MarketID].self))
        doubtedReportCount = try row.uint64("doubtedReports")
        for change in try row.value("switches", as: [MarketSwitch].self) {
            switches[change.market] = change
        }
        knownImplementations = try row.table("implementations") { (row) throws(JSONReadError) in
            (try row.value("market"), try row.freeText("name"))
        }
        accountsHeights = try row.table("accountsHeights") { (row) throws(JSONReadError) in
            (try row.value("market"), try row.uint64("height"))
        }
        prices = try PriceBoard(checkpoint: &row, "prices", .eligible, guards)
        marketPrices = try PriceBoard(checkpoint: &row, "marketPrices", .market, guards)
        try readBooks(&row)
    }

    /// A book is made of its terms, the prices that came since, its figures and its accounts.
    private mutating func readBooks(_ row: inout ObjectReader) throws(JSONReadError) {
        let reader = try row.required("books")
        for element in try reader.array() {
            var row = try element.object()
            let market: MarketID = try row.value("market")
            let origin = BookOrigin(
                terms: try row.value("terms"), bornAt: try row.uint64("bornAt"),
                figures: try row.value("figures"))
            guard var book = AnyMarketBook(terms: origin.terms, moreLines: lines) else {
                throw element.refused("terms that rules can be made of")
            }
            _ = book.publish(prices.updates(after: origin.bornAt))
            _ = book.take(origin.figures)
            _ = book.replaceAll(try row.value("accounts"))
            books[market] = book
            origins[market] = origin
            try row.finish()
        }
    }
}

extension PriceBoard {
    fileprivate func write(_ name: String, to json: inout JSONWriter) {
        json.key(name)
        json.beginObject()
        json.member("accepted", acceptedCount)
        json.member("rejected", rejectedCount)
        json.rows("entries", entries.names) { asset, json in
            json.member("asset", asset)
            guard let entry = entries[asset] else { return }
            json.member("price", entry.price)
            json.member("round", entry.round)
            json.member("sourceAt", entry.sourceAt)
            json.member("receivedAt", entry.receivedAt)
            json.member("isUnconfirmedJump", entry.isUnconfirmedJump)
            json.member("number", entry.number)
        }
        json.endObject()
    }

    fileprivate init(
        checkpoint object: inout ObjectReader, _ name: String, _ kind: PriceKind,
        _ guards: PriceGuards
    ) throws(JSONReadError) {
        self.init(kind, guards: guards)
        var board = try object.required(name).object()
        acceptedCount = try board.uint64("accepted")
        rejectedCount = try board.uint64("rejected")
        let known: [AssetID: Entry] = try board.table("entries") { (row) throws(JSONReadError) in
            (
                try row.value("asset"),
                Entry(
                    price: try row.quotedInteger("price"), round: try row.uint64("round"),
                    sourceAt: try row.value("sourceAt"), receivedAt: try row.value("receivedAt"),
                    isUnconfirmedJump: try row.bool("isUnconfirmedJump"),
                    number: try row.uint64("number"))
            )
        }
        entries = NameOrder(known)
        try board.finish()
    }
}
