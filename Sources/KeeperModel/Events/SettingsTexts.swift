/// Settings as they were read: what a replay needs in order to adopt them at the same event.
package struct SettingsTexts: Hashable, Sendable {
    package struct Strategy: Hashable, Sendable {
        package let name: String
        package let text: String

        package init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    package let config: String
    package let strategies: [Strategy]

    package init(config: String, strategies: [Strategy]) {
        self.config = config
        self.strategies = strategies
    }
}
