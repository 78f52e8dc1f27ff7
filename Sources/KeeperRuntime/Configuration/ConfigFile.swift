import KeeperCodec
import KeeperEngine
import KeeperModel
import KeeperRisk
import WideMath

/// Reads `config.json`: strict JSON with comments, every amount with its unit, every key known.
package enum ConfigFile {
    /// Overrides are environment variables such as `BAILIFF__VENUE__URL`; all others are ignored.
    package static func read(
        _ bytes: [UInt8], file: String, overrides: [(name: String, value: String)] = []
    ) throws(ConfigError) -> Config {
        let value = try value(bytes, file: file, overrides: overrides)
        do {
            return try config(JSONReader(value), text: text(value, bytes, overrides))
        } catch {
            throw located(error, bytes, file: file)
        }
    }

    /// As it is after the environment's overrides.
    private static func value(
        _ bytes: [UInt8], file: String, overrides: [(name: String, value: String)]
    ) throws(ConfigError) -> JSONValue {
        var value: JSONValue
        do {
            value = try JSONValue.parse(bytes, limits: .configuration, dialect: .withComments)
        } catch {
            throw ConfigError(
                "\(file):\(error.location.line):\(error.location.column): \(error.problem)")
        }
        for override in overrides.sorted(by: { $0.name < $1.name }) {
            try ConfigOverride(override.name, override.value).apply(to: &value)
        }
        return value
    }

    private static func located(
        _ error: JSONReadError, _ bytes: [UInt8], file: String
    ) -> ConfigError {
        let location = error.location(in: bytes, limits: .configuration, dialect: .withComments)
        return ConfigError(
            "\(file)\(location.map { ":\($0.line):\($0.column)" } ?? ""): \(error)")
    }

    /// Every problem that can be found: a reader ends at its first, so each that it names is put
    /// aside and the rest is read again.
    package static func problems(
        _ bytes: [UInt8], file: String, overrides: [(name: String, value: String)] = []
    ) -> [String] {
        var value: JSONValue
        do {
            value = try self.value(bytes, file: file, overrides: overrides)
        } catch {
            return [error.description]
        }
        var problems: [String] = []
        while problems.count < problemsMax {
            do {
                _ = try config(JSONReader(value), text: "")
                return problems
            } catch {
                problems.append(located(error, bytes, file: file).description)
                guard let repaired = ConfigRepair(error).applied(to: value), repaired != value
                else { return problems }
                value = repaired
            }
        }
        return problems
    }

    private static let problemsMax = 100

    /// What a recording pins: the file as it is, or with overrides what became of it.
    private static func text(
        _ value: JSONValue, _ bytes: [UInt8], _ overrides: [(name: String, value: String)]
    ) -> String {
        guard !overrides.isEmpty else { return String(decoding: bytes, as: UTF8.self) }
        var json = JSONWriter()
        json.value(value)
        return String(decoding: json.finish(), as: UTF8.self)
    }

    static func config(
        _ reader: JSONReader, text: String
    ) throws(JSONReadError) -> Config {
        var object = try reader.object()
        _ = object.optional("$schema")
        let version = try object.required("configVersion")
        guard try version.uint64 == 1 else { throw version.refused("1") }
        let unit = try unitOfAccount(object.required("unitOfAccount"))
        let guards = try guards(object.required("guards"))
        let places = try places(&object)
        let treasury = try treasury(object.optional("treasury"), places.map(\.domain), unit)
        let dryRun = try dryRun(object.required("dryRun"), unit)
        let live = try live(object.required("live"))
        let feeds = object.optional("feeds")
        let venues = try venues(
            places, feeds, VenueDefaults(unit, guards, dryRun, live, treasury.dryRunReserve))
        let config = Config(
            venues: venues, unitOfAccount: unit,
            strategies: try strategies(object.required("strategies")),
            limits: try limits(object.required("limits"), unit, treasury.rules),
            guards: guards,
            avoided: try avoided(object.optional("avoid")),
            lines: try lines(object.optional("watch")),
            dryRun: dryRun,
            live: live,
            control: try control(object.optional("control")),
            history: try history(object.optional("history")),
            checkpoints: try checkpoints(object.optional("recording")),
            stateFolder: try path(object.required("state")),
            books: try BooksConfig(
                journal: object.optional("journal"), decisions: object.optional("decisions")),
            text: text)
        try object.finish()
        return config
    }

    private static func unitOfAccount(
        _ reader: JSONReader
    ) throws(JSONReadError) -> AssetDescription {
        var object = try reader.object()
        let unit = AssetDescription(
            asset: try object.required("asset").identifier(as: AssetID.self),
            decimals: try object.required("decimals").integer(in: UInt8(0)...18))
        try object.finish()
        return unit
    }

    private static func strategies(_ reader: JSONReader) throws(JSONReadError) -> StrategyChoice {
        var object = try reader.object()
        let folder = try path(object.required("folder"))
        let use = try object.required("use")
        let names = try use.array(countMax: 100) { name throws(JSONReadError) in
            try name.identifier(as: StrategyName.self)
        }
        guard !names.isEmpty, Set(names).count == names.count else {
            throw use.refused("at least one strategy, none of them twice")
        }
        try object.finish()
        return StrategyChoice(folder: folder, names: names)
    }

    private static func limits(
        _ reader: JSONReader, _ unit: AssetDescription, _ treasury: TreasuryRules?
    ) throws(JSONReadError) -> RiskLimits {
        var object = try reader.object()
        let limits = RiskLimits(
            notionalPerCloseMaxUnits: try positive(object.required("notionalPerClose"), unit),
            notionalOpenMaxUnits: try positive(object.required("notionalOpen"), unit),
            openIntentsMax: try object.required("openIntents").integer(in: 1...10_000),
            closesPerHourMax: try object.required("closesPerHour").integer(in: 1...1_000_000),
            lossPerHourMaxUnits: try positive(object.required("lossPerHour"), unit),
            lossPerDayMaxUnits: try positive(object.required("lossPerDay"), unit),
            gasPerDayMaxUnits: try positive(object.required("gasPerDay"), unit),
            failuresPerHourMax: try object.required("failuresPerHour").integer(in: 1...1_000_000),
            unknownOpenMax: try object.required("unknownOpen").integer(in: 1...10_000),
            profitPlausibleMaxPpm: try object.required("plausibleProfit").sharePpm(),
            canary: try object.optional("canary").map { (json) throws(JSONReadError) in
                try canary(json, unit)
            },
            treasury: treasury)
        guard limits.notionalPerCloseMaxUnits <= limits.notionalOpenMaxUnits else {
            throw reader.refused("notionalPerClose not above notionalOpen")
        }
        guard limits.lossPerHourMaxUnits <= limits.lossPerDayMaxUnits else {
            throw reader.refused("lossPerHour not above lossPerDay")
        }
        try object.finish()
        return limits
    }

    private static func canary(
        _ reader: JSONReader, _ unit: AssetDescription
    ) throws(JSONReadError) -> CanaryRule {
        var object = try reader.object()
        let rule = CanaryRule(
            notionalMaxUnits: try positive(object.required("notional"), unit),
            wonCountMin: try object.required("closes").integer(in: 1...10_000))
        try object.finish()
        return rule
    }

    private static func guards(_ reader: JSONReader) throws(JSONReadError) -> PriceGuards {
        var object = try reader.object()
        let guards = PriceGuards(
            ageMax: try object.required("priceAge").timeSpan(
                in: .milliseconds(1) ... .seconds(86_400)),
            jumpMaxPpm: try object.required("jump").sharePpm(),
            parting: try object.optional("parting").map { (json) throws(JSONReadError) in
                try parting(json)
            })
        try object.finish()
        return guards
    }

    private static func parting(_ reader: JSONReader) throws(JSONReadError) -> PartingRule {
        var object = try reader.object()
        let rule = PartingRule(
            partingMaxPpm: try object.required("above").sharePpm(),
            policy: try object.required("then").choice([
                "act": PartingRule.Policy.act, "skip": .skip, "hold": .hold,
            ]),
            holdMax: try object.required("holdFor").timeSpan(
                in: .seconds(1) ... .seconds(86_400)))
        try object.finish()
        return rule
    }

    /// Each entry names one of account, asset and market, and says why; without an end it stays.
    private static func avoided(_ reader: JSONReader?) throws(JSONReadError) -> AvoidList {
        guard let reader else { return AvoidList() }
        return AvoidList(
            try reader.array(countMax: 10_000) { entry throws(JSONReadError) in
                var object = try entry.object()
                let subject = try subject(&object, of: entry)
                let until = object.optional("until")
                let result = AvoidList.Entry(
                    subject, reason: try object.required("reason").string,
                    until: try until.map { (json) throws(JSONReadError) in
                        guard let instant = UTCText.instant(try json.string) else {
                            throw json.refused("a time such as 2026-12-31T00:00:00Z")
                        }
                        return instant
                    })
                try object.finish()
                return result
            })
    }

    private static func subject(
        _ object: inout ObjectReader, of entry: JSONReader
    ) throws(JSONReadError) -> AvoidList.Subject {
        var subjects: [AvoidList.Subject] = []
        if let account = object.optional("account") {
            subjects.append(.account(try account.identifier(as: AccountID.self)))
        }
        if let asset = object.optional("asset") {
            subjects.append(.asset(try asset.identifier(as: AssetID.self)))
        }
        if let market = object.optional("market") {
            subjects.append(.market(try market.identifier(as: MarketID.self)))
        }
        guard subjects.count == 1, let subject = subjects.first else {
            throw entry.refused("one of account, asset and market")
        }
        return subject
    }

    private static func dryRun(
        _ reader: JSONReader, _ unit: AssetDescription
    ) throws(JSONReadError) -> DryRunConfig {
        var object = try reader.object()
        let config = DryRunConfig(
            walletUnits: try wallet(object.required("wallet"), unit),
            latency: try latency(object.required("latency")))
        try object.finish()
        return config
    }

    static func latency(_ reader: JSONReader) throws(JSONReadError) -> TimeSpan {
        try reader.timeSpan(in: .zero ... .seconds(600))
    }

    static func wallet(
        _ reader: JSONReader, _ unit: AssetDescription
    ) throws(JSONReadError) -> UInt64 {
        guard let units = try reader.amount(of: unit).asUInt64 else {
            throw reader.refused("an amount below 2^64 units")
        }
        return units
    }

    private static func live(_ reader: JSONReader) throws(JSONReadError) -> LiveConfig {
        var object = try reader.object()
        let spin = object.optional("spin")
        let config = LiveConfig(
            isEnabled: try object.required("enabled").bool,
            keyID: try object.required("keyId").identifier(as: ClientID.self).text,
            spins: try spin.map { (json) throws(JSONReadError) in try json.bool } ?? false,
            key: try key(object.required("key")))
        try object.finish()
        return config
    }

    static func key(_ reader: JSONReader) throws(JSONReadError) -> KeySource {
        var object = try reader.object()
        let scheme =
            try object.optional("scheme")?.choice([
                "ed25519": SigningScheme.ed25519, "hmac-sha256": .hmacSHA256,
            ]) ?? .ed25519
        let source: KeySource
        if let name = object.optional("credential") {
            source = .credential(try name.identifier(as: ClientID.self).text, scheme)
        } else {
            source = .file(try path(object.required("file")), scheme)
        }
        try object.finish()
        return source
    }

    static func positive(
        _ reader: JSONReader, _ unit: AssetDescription
    ) throws(JSONReadError) -> UInt256 {
        let amount = try reader.amount(of: unit)
        guard !amount.isZero, amount < UInt256(1) << 100 else {
            throw reader.refused("an amount above zero")
        }
        return amount
    }

    static func path(_ reader: JSONReader) throws(JSONReadError) -> String {
        let path = try reader.string
        guard !path.isEmpty else { throw reader.refused("a path") }
        return path
    }
}
