import KeeperCodec
package import KeeperModel
import LiquidationRules
import WideMath

/// Reads a scenario file. Amounts and times carry their units; policies are validated by the law.
package enum ScenarioFile {
    package static func read(_ bytes: [UInt8]) throws(ScenarioFileError) -> Scenario {
        do {
            let value = try JSONValue.parse(
                bytes, limits: .configuration, dialect: .withComments)
            return try scenario(JSONReader(value))
        } catch let error as JSONError {
            throw ScenarioFileError(location: error.location, problem: "\(error.problem)")
        } catch let error as JSONReadError {
            let location = error.location(
                in: bytes, limits: .configuration, dialect: .withComments)
            throw ScenarioFileError(location: location, problem: error.description)
        } catch {
            preconditionFailure("Reading throws its own two errors: \(error)")
        }
    }

    /// The policies of a scenario file, or the one of a file that holds nothing else.
    package static func policies(
        _ bytes: [UInt8]
    ) throws(ScenarioFileError) -> [SettlementPolicy] {
        do {
            let value = try JSONValue.parse(
                bytes, limits: .configuration, dialect: .withComments)
            let reader = JSONReader(value)
            var object = try reader.object()
            guard let list = object.optional("policies") else {
                return [try Policies.policy(reader)]
            }
            return try Policies(list).all
        } catch let error as JSONError {
            throw ScenarioFileError(location: error.location, problem: "\(error.problem)")
        } catch let error as JSONReadError {
            let location = error.location(
                in: bytes, limits: .configuration, dialect: .withComments)
            throw ScenarioFileError(location: location, problem: error.description)
        } catch {
            preconditionFailure("Reading throws its own two errors: \(error)")
        }
    }

    private static func scenario(_ reader: JSONReader) throws(JSONReadError) -> Scenario {
        var object = try reader.object()
        let quote = try asset(object.required("quote"))
        let policies = try Policies(object.required("policies"))
        let assets = try object.required("assets").array(countMax: 64) {
            reader throws(JSONReadError) in try scenarioAsset(reader, quote: quote)
        }
        let reserve = object.optional("reserve")
        let disclosed = object.optional("disclosure")
        let switched = object.optional("switches")
        let hosted = try markets(object.required("markets"), among: assets, quote, policies)
        let scenario = Scenario(
            name: try object.required("scenario").string, seed: try object.required("seed").uint64,
            heightSpan: try object.required("height").timeSpan(
                in: .milliseconds(1) ... .seconds(3_600)),
            heightCount: try object.required("heights").integer(in: UInt64(1)...10_000_000),
            quote: quote, assets: assets,
            hosted: hosted,
            fundUnits: Int64(clamping: try object.required("fund").units(of: quote)),
            flashPool: try flashPool(object.required("flashPool"), quote: quote),
            keeperEndowment: try endowment(
                object.required("keeper"), of: [quote] + assets.map(\.description)),
            callsPerHeight: try object.required("callsPerHeight").integer(in: UInt64(1)...100_000),
            keeperReserve: try reserve.map { (json) throws(JSONReadError) in
                try endowment(json, of: [quote] + assets.map(\.description))
            } ?? [],
            disclosure: try disclosed.map { (json) throws(JSONReadError) in
                try disclosure(json, of: hosted)
            } ?? .full,
            switches: try switched.map { (json) throws(JSONReadError) in
                try switches(json, of: hosted.map(\.terms.market))
            } ?? [])
        try object.finish()
        return scenario
    }

    private static func asset(_ reader: JSONReader) throws(JSONReadError) -> AssetDescription {
        var object = try reader.object()
        let asset = AssetDescription(
            asset: try object.required("asset").identifier(as: AssetID.self),
            decimals: try object.required("decimals").integer(in: UInt8(0)...18))
        try object.finish()
        return asset
    }

    private static func scenarioAsset(
        _ reader: JSONReader, quote: AssetDescription
    ) throws(JSONReadError) -> ScenarioAsset {
        var object = try reader.object()
        let description = AssetDescription(
            asset: try object.required("asset").identifier(as: AssetID.self),
            decimals: try object.required("decimals").integer(in: UInt8(0)...18))
        let points = object.optional("path")
        let noise = try object.required("noise").sharePpm() / 100
        guard let points,
            let path = PricePath(
                points: try points.array(countMax: 10_000) { point throws(JSONReadError) in
                    try pathPoint(point, quote: quote)
                }, noiseBps: noise)
        else {
            throw reader.refused("a path of {height, price} that rises from height 0")
        }
        let liquidity = try liquidity(object.required("book"), of: description)
        try object.finish()
        return ScenarioAsset(description: description, path: path, liquidity: liquidity)
    }

    private static func pathPoint(
        _ reader: JSONReader, quote: AssetDescription
    ) throws(JSONReadError) -> PricePath.Point {
        var object = try reader.object()
        let height = try object.required("height").uint64
        let price = try object.required("price").amount(of: quote)
        guard let units = price.asUInt64 else { throw reader.refused("a price below 2^64 units") }
        try object.finish()
        return PricePath.Point(height: height, price: units)
    }

    private static func liquidity(
        _ reader: JSONReader, of asset: AssetDescription
    ) throws(JSONReadError) -> LiquidityModel {
        var object = try reader.object()
        let levels = try object.required("levels").integer(in: 1...200)
        let spreadBps = try object.required("spread").sharePpm() / 100
        let stepBps = try object.required("step").sharePpm() / 100
        guard spreadBps + stepBps * UInt64(levels) < 10_000 else {
            throw reader.refused("levels that end above nothing")
        }
        let model = LiquidityModel(
            levelCount: levels, spreadBps: spreadBps, stepBps: stepBps,
            quantityPerLevel: try object.required("quantity").amount(of: asset),
            recoveryPpm: try object.required("recovery").sharePpm())
        try object.finish()
        return model
    }

    private static func flashPool(
        _ reader: JSONReader, quote: AssetDescription
    ) throws(JSONReadError) -> FlashPool {
        var object = try reader.object()
        let pool = FlashPool(
            asset: quote.asset, available: try object.required("available").amount(of: quote),
            premiumBps: try object.required("premium").sharePpm() / 100)
        try object.finish()
        return pool
    }

    private static func endowment(
        _ reader: JSONReader, of assets: [AssetDescription]
    ) throws(JSONReadError) -> [AssetAmount] {
        try reader.array(countMax: 64) { element throws(JSONReadError) in
            let text = try element.string
            guard let description = assets.first(where: { text.hasSuffix(" " + $0.asset.text) })
            else {
                throw element.refused("an amount such as \"100 \(assets[0].asset.text)\"")
            }
            return AssetAmount(
                asset: description.asset, amount: try element.amount(of: description))
        }
    }
}

/// What is wrong with a scenario file, and where.
package struct ScenarioFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let line: Int?
    package let column: Int?
    package let problem: String

    init(location: TextLocation?, problem: String) {
        line = location?.line
        column = location?.column
        self.problem = problem
    }

    package var description: String {
        guard let line, let column else { return problem }
        return "line \(line), column \(column): \(problem)"
    }
}
