import KeeperCodec
import KeeperModel
package import KeeperRuntime
import KeeperStrategy

/// One point of a sweep with the texts that it is run with.
package struct SweepPoint: Sendable {
    package let number: Int
    /// `strategy.size="full", config.dryRun.latency="50 ms"`
    package let label: String
    package let workplace: Workplace
    /// Everything of the settings that decides the outcome.
    package let settingsHash: String

    /// The workplace with the point's values in the places that the axes name.
    package init(
        _ number: Int, of plan: SweepPlan, base: Workplace
    ) throws(ConfigError) {
        let settings = plan.settings(ofPoint: number)
        self.number = number
        label = settings.map { "\($0.axis.name)=\($0.value)" }.joined(separator: ", ")
        guard let text = base.strategyTexts.first(where: { $0.name == plan.strategy.text }) else {
            let list = base.strategyTexts.map(\.name).joined(separator: ", ")
            throw ConfigError(
                "no strategy '\(plan.strategy)' in the configuration; there are \(list)")
        }
        let config = try Self.varied(base.config.text, .config, settings)
        let strategy = try Self.varied(text.text, .strategy, settings)
        do {
            let read = try StrategyFile.read(Array(strategy.utf8), file: "point \(number)")
            workplace = Workplace(
                config: try ConfigFile.read(Array(config.utf8), file: "point \(number), config"),
                strategies: [read], texts: [(read.name.text, strategy)])
        } catch let error as ConfigError {
            throw error
        } catch {
            throw ConfigError("\(error) (\(label))")
        }
        settingsHash = ReportHead.hash(config + "\n" + strategy)
    }

    private static func varied(
        _ text: String, _ root: SweepPlan.Axis.Root,
        _ settings: [(axis: SweepPlan.Axis, value: String)]
    ) throws(ConfigError) -> String {
        do {
            var value = try parse(text)
            for (axis, replacement) in settings where axis.root == root {
                value = try replaced(value, axis.keys[...], try parse(replacement), axis.name)
            }
            return String(decoding: value.canonicalBytes, as: UTF8.self)
        } catch let error as ConfigError {
            throw error
        } catch {
            throw ConfigError("\(root.rawValue): \(error)")
        }
    }

    private static func parse(_ text: String) throws(JSONError) -> JSONValue {
        try JSONValue.parse(Array(text.utf8), limits: .configuration, dialect: .withComments)
    }

    /// Only what is there can be varied: a name with a slip in it would vary nothing.
    private static func replaced(
        _ old: JSONValue, _ path: ArraySlice<String>, _ new: JSONValue, _ name: String
    ) throws(ConfigError) -> JSONValue {
        guard let key = path.first else { return new }
        guard case .object(var members) = old,
            let index = members.firstIndex(where: { $0.key == key })
        else { throw ConfigError("\(name): there is no '\(key)' to vary") }
        let inner = try replaced(members[index].value, path.dropFirst(), new, name)
        members[index] = JSONMember(key, inner)
        return .object(members)
    }
}
