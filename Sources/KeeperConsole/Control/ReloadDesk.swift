import KeeperCodec
import KeeperCommands
import KeeperEngine
import KeeperModel
package import KeeperRuntime
import KeeperTransport

/// `reload` and SIGHUP: everything is read and checked first; what passes is adopted as a whole,
/// what does not leaves everything as it was.
package final class ReloadDesk {
    private let session: NetworkSession
    private let read: () throws(ConfigError) -> Workplace
    private let started: Workplace
    private var adopted: Workplace
    private var comparisons: [Int: SettingsComparison] = [:]
    private var reloadCount = 0
    /// Of the last one: nil before any.
    package private(set) var lastSucceeded: Bool?
    /// Told before and after: a supervisor wants to know.
    package var isReloading: (Bool) -> Void = { _ in }

    /// How long the keeper's thread works on a comparison before it looks at its feeds again.
    private static let pieceTime = TimeSpan.milliseconds(2)
    /// A comparison that takes longer says how far it came.
    private static let patience = TimeSpan.seconds(10)

    package init(
        _ session: NetworkSession, started: Workplace,
        read: @escaping () throws(ConfigError) -> Workplace
    ) {
        self.session = session
        self.started = started
        adopted = started
        self.read = read
    }

    package func reload(_ isPreview: Bool, _ reply: @escaping (ControlAnswer) -> Void) {
        isReloading(true)
        let new: Workplace
        do {
            new = try read()
        } catch {
            lastSucceeded = false
            isReloading(false)
            return reply(
                ControlAnswer(
                    problem: ControlProblem(
                        .configuration, "\(error.description); nothing was changed")))
        }
        if let problem = Self.comingOrGoing(from: started.config, to: new.config) {
            lastSucceeded = false
            isReloading(false)
            return reply(ControlAnswer(problem: ControlProblem(.configuration, problem)))
        }
        let diff = SettingsDiff(adopted: adopted, started: started, new: new)
        let engine = session.keeper.engine
        let settings = new.settings(keyPrefix: engine.settings.keyPrefix)
        let comparison =
            diff.hasLive
            ? SettingsComparison(session.keeper.history, new: settings, now: session.now) : nil
        if !isPreview { adopt(new, diff) }
        isReloading(false)
        compare(comparison) { comparison in
            let report = ReloadReport(diff: diff, comparison: comparison, isPreview: isPreview)
            reply(ControlAnswer(lines: report.lines, json: report.jsonText))
        }
    }

    /// Limits and purses are those of the venues that are named beside them: of several none comes
    /// or goes while the keeper runs. Nil where none does.
    private static func comingOrGoing(from old: Config, to new: Config) -> String? {
        guard old.hasSeveralVenues || new.hasSeveralVenues else { return nil }
        let gone = old.venues.filter { new.venue(of: $0.domain) == nil }
        let come = new.venues.filter { old.venue(of: $0.domain) == nil }
        let words = gone.map { "\($0.domain) goes" } + come.map { "\($0.domain) comes" }
        guard !words.isEmpty else { return nil }
        return "venues come and go with a restart, and here "
            + words.joined(separator: ", ") + "; nothing was changed"
    }

    private func adopt(_ new: Workplace, _ diff: SettingsDiff) {
        lastSucceeded = true
        guard diff.hasLive else { return }
        session.post(.settingsAdopted(new.texts))
        adopted = new
    }

    /// In pieces, one for each round of the poll.
    private func compare(
        _ comparison: SettingsComparison?, _ done: @escaping (SettingsComparison?) -> Void
    ) {
        guard let comparison else { return done(nil) }
        reloadCount += 1
        comparisons[reloadCount] = comparison
        goOn(reloadCount, until: .now() + Self.patience, done)
    }

    private func goOn(
        _ number: Int, until end: MonotonicTime, _ done: @escaping (SettingsComparison?) -> Void
    ) {
        session.reactor.after(.zero) { [weak self] in
            guard let self else { return }
            comparisons[number]?.goOn(until: .now() + Self.pieceTime)
            guard comparisons[number]?.isDone == false, MonotonicTime.now() < end else {
                return done(comparisons.removeValue(forKey: number))
            }
            goOn(number, until: end, done)
        }
    }
}

/// What a reload changed, and what it would have changed.
struct ReloadReport {
    let diff: SettingsDiff
    let comparison: SettingsComparison?
    let isPreview: Bool

    var lines: [String] {
        guard !diff.lines.isEmpty else { return ["nothing differs"] }
        let verb = isPreview ? "would change" : "changed"
        var lines = diff.lines.map { line in
            let change = "\(line.key): \(line.before ?? "nothing") -> \(line.after ?? "nothing")"
            return line.force == .live ? "\(verb): \(change)" : "needs a restart: \(change)"
        }
        guard let comparison, let from = comparison.from else {
            return lines + ["no past is kept to compare decisions with"]
        }
        let whole = comparison.isDone ? "" : ", which was as far as there was time for"
        lines.append(
            "decisions that would have been others since \(UTCText.text(from)), in "
                + "\(comparison.eventCount) events\(whole): \(comparison.changeCount)")
        return lines
            + comparison.changes.map { change in
                "  \(UTCText.text(change.at)) \(change.target.market) \(change.target.account): "
                    + "\(change.before ?? "nothing") -> \(change.after ?? "nothing")"
            }
    }

    var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("applied", !isPreview)
        json.member("needsRestart", diff.needsRestart)
        json.key("changes")
        json.beginArray()
        for line in diff.lines { write(line, to: &json) }
        json.endArray()
        if let comparison { write(comparison, to: &json) }
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(_ line: SettingsDiff.Line, to json: inout JSONWriter) {
        json.beginObject()
        json.member("key", line.key)
        if let before = line.before { json.member("before", before) }
        if let after = line.after { json.member("after", after) }
        json.member("force", line.force.rawValue)
        json.endObject()
    }

    private func write(_ comparison: SettingsComparison, to json: inout JSONWriter) {
        json.key("decisions")
        json.beginObject()
        if let from = comparison.from { json.member("since", UTCText.text(from)) }
        json.member("events", UInt64(comparison.eventCount))
        json.member("isWhole", comparison.isDone)
        json.member("differing", UInt64(comparison.changeCount))
        json.key("list")
        json.beginArray()
        for change in comparison.changes {
            json.beginObject()
            json.member("at", UTCText.text(change.at))
            json.member("target", change.target)
            if let before = change.before { json.member("before", before) }
            if let after = change.after { json.member("after", after) }
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
