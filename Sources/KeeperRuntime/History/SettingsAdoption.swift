package import KeeperEngine
package import KeeperModel

extension Engine {
    /// What every runner of an engine does before it hands an event over: settings come as texts,
    /// which an engine does not read.
    package mutating func adoptSettings(of event: Event) throws(KeeperStop) {
        guard case .settingsAdopted(let texts) = event.body else { return }
        do {
            let workplace = try Workplace(texts, named: "event \(event.sequence)")
            adopt(workplace.settings(keyPrefix: settings.keyPrefix))
        } catch {
            throw KeeperStop(.recording, "\(error)")
        }
    }
}

extension Workplace {
    /// What a recording or an event holds.
    init(_ texts: SettingsTexts, named name: String) throws(ConfigError) {
        let config = try ConfigFile.read(Array(texts.config.utf8), file: "\(name), its config")
        try self.init(
            config: config, texts: texts.strategies.map { ($0.name, $0.text) }, of: name)
    }

    package var texts: SettingsTexts {
        SettingsTexts(
            config: config.text,
            strategies: strategyTexts.map { SettingsTexts.Strategy(name: $0.name, text: $0.text) })
    }
}
