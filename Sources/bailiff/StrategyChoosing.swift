import KeeperCommands
import KeeperModel
import KeeperRuntime
import KeeperStrategy

/// Which strategies of the configuration a command line names; all where it names none.
struct StrategyChoosing {
    let names: [StrategyName]

    init(_ parsed: ParsedCommand, _ workplace: Workplace) throws(UsageError) {
        let known = workplace.strategies.map(\.name)
        var names: [StrategyName] = []
        for text in parsed.all("strategy") {
            guard let name = known.first(where: { $0.text == text }) else {
                let list = known.map(\.text).joined(separator: ", ")
                throw UsageError("no strategy '\(text)' in the configuration; there are \(list)")
            }
            names.append(name)
        }
        self.names = names.isEmpty ? known : names
    }
}
