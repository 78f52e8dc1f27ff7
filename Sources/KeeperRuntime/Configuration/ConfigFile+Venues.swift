import KeeperCodec
import KeeperEngine
import KeeperFeeds
package import KeeperModel
import KeeperTransport
import WideMath

/// `venue`, or `venues` where there are several: what belongs to one of them and to no other.
extension ConfigFile {
    static let venuesMax = 16

    /// What is said about a venue in its own place; the rest is said once for all.
    struct Place {
        let domain: DomainID
        let url: String
        let mirrors: [String]
        let feeds: JSONReader?
        let keyID: JSONReader?
        let key: JSONReader?
        let wallet: JSONReader?
        let latency: JSONReader?
    }

    /// What holds where a venue says nothing of its own.
    struct VenueDefaults {
        let unit: AssetDescription
        let guards: PriceGuards
        let dryRun: DryRunConfig
        let live: LiveConfig
        let dryReserve: [DomainID: [AssetAmount]]

        init(
            _ unit: AssetDescription, _ guards: PriceGuards, _ dryRun: DryRunConfig,
            _ live: LiveConfig, _ dryReserve: [DomainID: [AssetAmount]]
        ) {
            self.unit = unit
            self.guards = guards
            self.dryRun = dryRun
            self.live = live
            self.dryReserve = dryReserve
        }
    }

    static func places(_ object: inout ObjectReader) throws(JSONReadError) -> [Place] {
        guard let several = object.optional("venues") else {
            return [try onlyPlace(object.required("venue"))]
        }
        guard object.optional("venue") == nil else {
            throw several.refused("either 'venue' or 'venues', not both")
        }
        let places = try several.array(countMax: venuesMax) { venue throws(JSONReadError) in
            try place(venue)
        }
        guard !places.isEmpty else { throw several.refused("at least one venue") }
        guard Set(places.map(\.domain)).count == places.count else {
            throw several.refused("each domain once")
        }
        try requireDistinct(places, several)
        return places
    }

    /// The short form, of one venue alone.
    private static func onlyPlace(_ reader: JSONReader) throws(JSONReadError) -> Place {
        var object = try reader.object()
        let mirrors = object.optional("mirrors")
        let place = Place(
            domain: try object.required("domain").identifier(as: DomainID.self),
            url: try object.required("url").string,
            mirrors: try mirrors.map { (json) throws(JSONReadError) in
                try self.mirrors(json)
            } ?? [], feeds: nil, keyID: nil, key: nil, wallet: nil, latency: nil)
        try object.finish()
        return place
    }

    private static func place(_ reader: JSONReader) throws(JSONReadError) -> Place {
        var object = try reader.object()
        let (mirrors, name) = (object.optional("mirrors"), try object.required("domain"))
        let domain = try name.identifier(as: DomainID.self)
        // What is said of all venues together is said under this name.
        guard domain != .everyVenue else { throw name.refused("another name than 'all'") }
        let url = try object.required("url")
        _ = try endpoint(url, named: "venue")
        let place = Place(
            domain: domain, url: try url.string,
            mirrors: try mirrors.map { (json) throws(JSONReadError) in
                try self.mirrors(json)
            } ?? [],
            feeds: object.optional("feeds"), keyID: object.optional("keyId"),
            key: object.optional("key"), wallet: object.optional("wallet"),
            latency: object.optional("latency"))
        try object.finish()
        return place
    }

    /// Two domains at one place would close the same accounts twice.
    private static func requireDistinct(
        _ places: [Place], _ reader: JSONReader
    ) throws(JSONReadError) {
        var seen: Set<String> = []
        for place in places {
            for url in [place.url] + place.mirrors {
                let endpoint: Endpoint
                do {
                    endpoint = try Endpoint(name: EndpointName("venue"), baseURL: url)
                } catch {
                    throw reader.refused("URLs: \(url) \(error)")
                }
                guard seen.insert(endpoint.address).inserted else {
                    throw reader.refused("each URL once, over all venues and their mirrors")
                }
            }
        }
    }

    static func venues(
        _ places: [Place], _ sharedFeeds: JSONReader?, _ defaults: VenueDefaults
    ) throws(JSONReadError) -> [VenueConfig] {
        if places.count > 1, let sharedFeeds {
            throw sharedFeeds.refused("feeds in each of several venues, whose prices they judge")
        }
        var sourceNames: Set<String> = []
        var venues: [VenueConfig] = []
        for place in places {
            if sharedFeeds != nil, let own = place.feeds {
                throw own.refused("feeds in one place only")
            }
            let reader = place.feeds ?? sharedFeeds
            let feeds = try feeds(reader, defaults.unit, defaults.guards)
            let names = feeds.flatMap(\.sources).map(\.name)
            if let reader, !sourceNames.isDisjoint(with: names) {
                throw reader.refused("each source's name once, over all venues")
            }
            sourceNames.formUnion(names)
            venues.append(try venue(place, feeds, defaults))
        }
        return venues
    }

    private static func venue(
        _ place: Place, _ feeds: [AssetFeed], _ defaults: VenueDefaults
    ) throws(JSONReadError) -> VenueConfig {
        let units = try place.wallet.map { (json) throws(JSONReadError) in
            try wallet(json, defaults.unit)
        }
        return VenueConfig(
            domain: place.domain, url: place.url, mirrors: place.mirrors, feeds: feeds,
            keyID: try place.keyID.map { (json) throws(JSONReadError) in
                try json.identifier(as: ClientID.self).text
            } ?? defaults.live.keyID,
            key: try place.key.map { (json) throws(JSONReadError) in
                try key(json)
            } ?? defaults.live.key,
            dryWallet: [
                AssetAmount(
                    asset: defaults.unit.asset,
                    amount: UInt256(units ?? defaults.dryRun.walletUnits))
            ],
            dryReserve: defaults.dryReserve[place.domain] ?? [],
            dryLatency: try place.latency.map { (json) throws(JSONReadError) in
                try latency(json)
            } ?? defaults.dryRun.latency)
    }
}

extension DomainID {
    /// What people say to all venues at once, and what the books of all say together.
    package static let everyVenue = DomainID("all")
}
