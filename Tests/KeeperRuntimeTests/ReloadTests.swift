import Foundation
import KeeperEngine
import KeeperModel
import KeeperRisk
import KeeperRuntime
import KeeperStrategy
import KeeperTransport
import Testing
import WideMath

/// What a reload changes, what it has to leave to a restart, and what it would have decided.
@Suite struct ReloadTests {
    private static func workplace(
        replacing old: String = "", with new: String = "", decimals: Int = 6
    ) throws -> Workplace {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var text = try String(contentsOf: root.appending(path: "config.json"), encoding: .utf8)
        if !old.isEmpty {
            try #require(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        text = text.replacingOccurrences(
            of: "\"decimals\": 6", with: "\"decimals\": \(decimals)")
        text = text.replacingOccurrences(
            of: "\"folder\": \"strategies\"",
            with: "\"folder\": \"\(root.appending(path: "strategies").path)\"")
        return try Workplace(config: try ConfigFile.read(Array(text.utf8), file: "config.json"))
    }

    @Test(arguments: [
        ("\"openIntents\": 40", "\"openIntents\": 41", "limits.openIntents", "live"),
        ("\"jump\": \"20%\"", "\"jump\": \"10%\"", "guards.jump", "live"),
        ("\"full-close\", ", "", "strategies.use", "live"),
        ("127.0.0.1:8545", "127.0.0.1:8546", "venue.url", "restart"),
        ("\"150 ms\"", "\"250 ms\"", "dryRun.latency", "restart"),
        ("\"enabled\": false", "\"enabled\": true", "live.enabled", "restart"),
        ("\"state\": \"state\"", "\"state\": \"other\"", "state", "restart"),
    ])
    func `each value is live, or waits for a restart`(
        old: String, new: String, key: String, force: String
    ) throws {
        let started = try Self.workplace()
        let diff = SettingsDiff(
            adopted: started, started: started,
            new: try Self.workplace(replacing: old, with: new))
        let line = try #require(diff.lines.first { $0.key == key })
        #expect(line.force.rawValue == force)
        #expect(diff.needsRestart == (force == "restart"))
    }

    /// A limit of 250000 means another thing where the unit has other decimals.
    @Test func `in another unit of account nothing is live`() throws {
        let started = try Self.workplace()
        let new = try Self.workplace(
            replacing: "\"openIntents\": 40", with: "\"openIntents\": 41", decimals: 8)
        let diff = SettingsDiff(adopted: started, started: started, new: new)
        #expect(diff.lines.map(\.key) == ["limits.openIntents", "unitOfAccount.decimals"])
        #expect(diff.lines.map(\.force) == [.restart, .restart])
        #expect(!diff.hasLive)
    }

    @Test func `what waits for a restart is told again, what was adopted is not`() throws {
        let started = try Self.workplace()
        let adopted = try Self.workplace(
            replacing: "\"openIntents\": 40", with: "\"openIntents\": 41")
        let again = SettingsDiff(adopted: adopted, started: started, new: adopted)
        #expect(again.lines.isEmpty)
        let moved = try Self.workplace(replacing: "127.0.0.1:8545", with: "127.0.0.1:8546")
        let waiting = SettingsDiff(adopted: moved, started: started, new: moved)
        #expect(waiting.lines.map(\.key) == ["venue.url"])
    }

    @Test func `a token in a path of the venue is not shown`() throws {
        let started = try Self.workplace()
        let new = try Self.workplace(replacing: ":8545\"", with: ":8545/v/s3cr3t\"")
        let diff = SettingsDiff(adopted: started, started: started, new: new)
        #expect(diff.lines.first?.after == "\"http://127.0.0.1:8545/(hidden)\"")
    }

    /// Too little to close anything with.
    private static var funds: Event {
        Event(
            sequence: 3, domain: DomainID("v"), receivedAt: Instant(milliseconds: 2_000),
            height: 2, body: .balancesReported([AssetAmount(asset: AssetID("USD"), amount: 1)]))
    }

    private static func history() throws -> (EngineHistory, Engine) {
        var engine = try EngineHistoryTests.engine()
        var history = EngineHistory(eventsPerCheckpoint: 7, checkpointsMax: 10)
        for number in 0..<40 {
            let event = number == 2 ? Self.funds : EngineHistoryTests.event(number)
            history.note(event, before: engine)
            _ = engine.handleWhole(event)
        }
        return (history, engine)
    }

    private static func compared(_ settings: EngineSettings) throws -> SettingsComparison {
        let (history, _) = try history()
        var comparison = try #require(
            SettingsComparison(history, new: settings, now: Instant(milliseconds: 40_000)))
        var pieces = 0
        while !comparison.isDone {
            comparison.goOn(until: .now())
            pieces += 1
        }
        #expect(pieces == 40, "a piece whose time is over is one event")
        return comparison
    }

    @Test func `the same settings would have decided the same`() throws {
        let (_, engine) = try Self.history()
        let comparison = try Self.compared(engine.settings)
        #expect(comparison.eventCount == 40)
        #expect(comparison.changes.isEmpty)
    }

    @Test func `an account that is to be left alone would have been skipped as listed`() throws {
        let (_, engine) = try Self.history()
        let old = engine.settings
        let comparison = try Self.compared(
            EngineSettings(
                limits: old.limits, strategies: old.strategies, guards: old.guards,
                avoided: AvoidList([
                    AvoidList.Entry(.account(AccountID("b")), reason: "a friend", until: nil)
                ]), keyPrefix: old.keyPrefix))
        let change = try #require(comparison.changes.first)
        #expect(change.target.account == AccountID("b"))
        #expect(change.after == "skipped-listed")
        #expect(change.before != change.after)
        #expect(comparison.changeCount == comparison.changes.count)
    }

    @Test func `what is adopted by an event is what its texts say`() throws {
        let new = try Self.workplace(replacing: "\"openIntents\": 40", with: "\"openIntents\": 3")
        var engine = try EngineHistoryTests.engine()
        let event = Event(
            sequence: 1, domain: DomainID("v"), receivedAt: Instant(milliseconds: 0), height: 0,
            body: .settingsAdopted(new.texts))
        try engine.adoptSettings(of: event)
        #expect(engine.settings.limits.openIntentsMax == 3)
        #expect(engine.risk.limits.openIntentsMax == 3)
        #expect(engine.settings.strategies.map(\.name) == new.strategies.map(\.name))
        #expect(engine.settings.keyPrefix == "h", "keys go on as they began")
    }
}
