import FoundationEssentials
import KeeperCodec
package import KeeperCommands
import KeeperModel
import KeeperStrategy

/// Everything that is wrong with a configuration and the strategies it names, in one go.
package struct ConfigCheck: Sendable {
    /// Of the configuration: what `run` would end with 78 for.
    package let configProblems: [String]
    /// Of strategy files.
    package let strategyProblems: [String]
    package let strategyNames: [String]

    package init(path: String, environment: [String: String]) {
        let overrides = ConfigOverride.all(in: environment)
        // Why it cannot be read is the same to whoever has to put it there.
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            configProblems = ["\(path): cannot be read; 'bailiff init' writes one"]
            (strategyProblems, strategyNames) = ([], [])
            return
        }
        configProblems = ConfigFile.problems([UInt8](data), file: path, overrides: overrides)
        // Problems of the configuration were said above.
        let config = try? ConfigFile.read([UInt8](data), file: path, overrides: overrides)
        let names = config?.strategies.names ?? []
        strategyNames = names.map(\.text)
        let folder = config?.strategies.folder ?? ""
        strategyProblems = names.compactMap { name -> String? in
            do {
                _ = try Workplace.strategy(named: name, in: folder)
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    package var code: ExitCode {
        if !configProblems.isEmpty { return .configuration }
        return strategyProblems.isEmpty ? .done : .badInput
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("problems")
        json.beginArray()
        for problem in configProblems + strategyProblems { json.string(problem) }
        json.endArray()
        json.key("strategies")
        json.beginArray()
        for name in strategyNames { json.string(name) }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
