import KeeperCodec
import KeeperModel
import KeeperStrategy

/// What differs between two configurations with their strategies, value by value, and what it
/// takes to be in force.
package struct SettingsDiff: Hashable, Sendable {
    package enum Force: String, Hashable, Sendable {
        /// With the next event.
        case live
        /// When the keeper is started again; until then the old value holds.
        case restart
    }

    package struct Line: Hashable, Sendable {
        package let key: String
        /// Nil where there was none, or is none any more.
        package let before: String?
        package let after: String?
        package let force: Force
    }

    package let lines: [Line]

    /// Against what is in force: for values that are live the reading that was adopted last, for
    /// all others the one that the keeper was started with.
    package init(adopted: Workplace, started: Workplace, new: Workplace) {
        let after = Self.leaves(new)
        let before = Self.leaves(adopted).filter { Self.force(of: $0.key) == .live }
            .merging(Self.leaves(started).filter { Self.force(of: $0.key) == .restart }) { $1 }
        let old = started
        // Limits are amounts of the unit: in another one they would mean something else.
        let isOfOneUnit = old.config.unitOfAccount == new.config.unitOfAccount
        lines = Set(before.keys).union(after.keys).sorted()
            .filter { before[$0] != after[$0] }
            .map { key in
                Line(
                    key: key, before: before[key], after: after[key],
                    force: isOfOneUnit ? Self.force(of: key) : .restart)
            }
    }

    /// The keys that a running keeper takes over; every other one needs a restart.
    package static let liveSections = [
        "limits", "guards", "avoid", "strategies", "strategy", "treasury",
    ]

    package static func force(of key: String) -> Force {
        let section = key.split(separator: ".").first.map(String.init) ?? key
        let name = section.split(separator: "[").first.map(String.init) ?? section
        return liveSections.contains(name) ? .live : .restart
    }

    package var needsRestart: Bool { lines.contains { $0.force == .restart } }
    package var hasLive: Bool { lines.contains { $0.force == .live } }

    private static func leaves(_ workplace: Workplace) -> [String: String] {
        var leaves: [String: String] = [:]
        for leaf in ConfigLeaf.all(in: workplace.config) { leaves[leaf.key] = leaf.shown }
        for strategy in workplace.strategyTexts {
            let version = workplace.strategies.first { $0.name.text == strategy.name }?.version
            let hash = Hex.encode(SHA256.hash(Array(strategy.text.utf8)).prefix(4))
            leaves["strategy.\(strategy.name)"] =
                "version \(version.map { "\($0)" } ?? "?"), \(hash)"
        }
        return leaves
    }
}
