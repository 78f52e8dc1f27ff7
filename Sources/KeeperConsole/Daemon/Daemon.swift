import Glibc
package import KeeperCommands
import KeeperEngine
import KeeperFeeds
import KeeperJournal
import KeeperModel
import KeeperRisk
package import KeeperRuntime
import KeeperTransport
import VenueREST

/// A keeper over the network with all its company: the control socket, the log, the supervisor,
/// the ledger of its starts. Dry and live runs differ in the station's mode and in the desk.
package final class Daemon {
    private let station: Station
    private let parsed: ParsedCommand
    private let environment: [String: String]
    private let notify: NotifySocket
    private let log: LogBook
    private let screen: Screen
    private var watchdog: Watchdog?
    private var starts: StartLedger
    /// What was said of each of several venues.
    private var watch: VenueWatch
    private var isReadySaid = false
    private var isStoppingSaid = false
    /// What was open when it began; nil before its first look.
    private var leftOpen: Set<ClientID>?
    private var waitingSaidAt = MonotonicTime.now()
    private static let waitingPause = TimeSpan.seconds(10)
    private static let waitingTime = TimeSpan.seconds(30)

    package init(
        _ station: Station, _ parsed: ParsedCommand, environment: [String: String]
    ) throws(StartProblem) {
        self.station = station
        self.parsed = parsed
        self.environment = environment
        notify = NotifySocket(environment)
        let form = try Self.form(parsed, environment)
        let isDrawn = form == .colour && StandardStream.output.isTerminal
        log = LogBook(
            form: form, leastLevel: isDrawn ? .warning : .info,
            journalSocket: environment["BAILIFF_JOURNAL_SOCKET"] ?? LogBook.journalSocket)
        watchdog = Watchdog(environment, process: getpid(), now: .now())
        starts = try StartLedger(folder: station.folder)
        let config = station.workplace.config
        screen = Screen(
            domains: config.venues.map(\.domain), unit: config.unitOfAccount,
            journal: station.journal)
        watch = VenueWatch(config.venues.map(\.domain))
    }

    private static func form(
        _ parsed: ParsedCommand, _ environment: [String: String]
    ) throws(StartProblem) -> LogForm {
        guard let name = parsed.value("log") else { return .fitting(environment) }
        guard let form = LogForm(rawValue: name) else {
            let known = LogForm.allCases.map(\.rawValue).joined(separator: ", ")
            throw StartProblem(.usage, "--log is one of \(known); found '\(name)'")
        }
        return form
    }

    /// Runs until it has drained.
    package func run(desk: (DeskContext) -> ChosenDesk) throws {
        let now = SystemClock.machineTime()
        let watchOnlyReason = station.mode == .live ? starts.watchOnlyReason(at: now) : nil
        try starts.noteStart(at: now)
        CrashPoint.reached(.startCounted)
        let company = try session(watchOnlyReason, desk)
        station.decisions.observe = { [weak self] decision in self?.note(decision) }
        say(.notice, "started", "mode \(station.mode == .live ? "live" : "dry-run")")
        if let watchOnlyReason { say(.error, "watch-only", watchOnlyReason) }
        notify.waiting("waiting for the venue", for: Self.waitingTime)
        try company.session.run()
        company.server.close()
        try station.close(after: company.session)
        CrashPoint.reached(.booksClosed)
        try starts.noteEnd()
        say(.notice, "ended", "drained")
    }

    // MARK: The parts

    private struct Company {
        let session: NetworkSession
        let server: ControlServer
    }

    private func session(
        _ watchOnlyReason: String?, _ desk: (DeskContext) -> ChosenDesk
    ) throws -> Company {
        let standing = try StandingPauses(
            in: station.journal, of: station.workplace.config.venues.map(\.domain))
        var pauses = standing
        if watchOnlyReason != nil { pauses.isEverywhere = true }
        var onSignal: (Int32) -> Void = { _ in }
        let session = try station.session(
            observe: { [weak self] session in self?.observe(session) },
            pauses: pauses,
            onSignal: { onSignal($0) }, desk: desk)
        for line in session.lines {
            let domain = line.domain
            line.priceFeed?.onChange = { [weak self, weak session] standing in
                guard let session else { return }
                self?.note(standing, of: domain, at: session.now)
            }
            line.feed.onClocks = { [weak self] gap in self?.note(clockGap: gap, of: domain) }
        }
        let reloading = reloadDesk(session)
        let room = try ControlRoom(
            station, session, desk: reloading, watchOnlyReason: watchOnlyReason)
        onSignal = { [weak self] number in self?.take(number, room) }
        let control = station.workplace.config.control
        let server = try ControlServer(
            path: ControlPath.path(control, mode: station.mode, folder: station.folder),
            isForOthers: control.namesOthers, reactor: session.reactor, answer: room.answer)
        say(standing)
        return Company(session: session, server: server)
    }

    /// What a life before this one was told holds on.
    private func say(_ pauses: StandingPauses) {
        if pauses.isEverywhere {
            say(.warning, "paused", "still paused; 'bailiff resume' ends it")
        }
        for domain in pauses.domains {
            say(
                .warning, "paused",
                "still paused at \(domain); 'bailiff resume --domain \(domain)' ends it",
                named(domain))
        }
    }

    private func reloadDesk(_ session: NetworkSession) -> ReloadDesk {
        let (parsed, environment) = (parsed, environment)
        let desk = ReloadDesk(
            session, started: station.workplace,
            read: { () throws(ConfigError) in try Workplace(parsed, environment) })
        desk.isReloading = { [weak self, weak session] isReloading in
            guard let self else { return }
            if isReloading { return notify.reloading(at: .now()) }
            // Ready again, if it was before.
            if isReadySaid, session != nil { notify.ready("watching") }
        }
        return desk
    }

    private func take(_ signal: Int32, _ room: ControlRoom) {
        guard signal == SIGHUP else {
            return say(.info, "status", "asked for by a signal", room.status.words)
        }
        room.answerSignal(.reload) { [weak self] answer in
            let isDone = answer.problem == nil
            for line in answer.problem.map({ [$0] }) ?? answer.lines {
                self?.say(isDone ? .notice : .error, "reload", line)
            }
        }
    }

    // MARK: Between rounds

    private func observe(_ session: NetworkSession) {
        screen.show(session.keeper)
        if !isReadySaid { lookWhetherReady(session) }
        for word in watch.look(session.lines, now: .now()) {
            say(word.level, word.event, word.text, [("domain", word.domain.text)])
        }
        if session.isDraining, !isStoppingSaid {
            isStoppingSaid = true
            say(.notice, "draining", "taking nothing new")
            notify.stopping()
        }
        if watchdog?.look(session.marks, now: .now()) == true { notify.alive() }
    }

    /// Everything that a decision rests on has come, and what an earlier life left open has ended:
    /// of one venue at least, because one that never comes must not keep the others waiting.
    private func lookWhetherReady(_ session: NetworkSession) {
        let open = session.keeper.engine.risk.openIntents
        let left = leftOpen ?? Set(open.keys)
        leftOpen = left
        let leftAt = left.compactMap { open[$0]?.plan.target.domain }
        guard session.lines.contains(where: { $0.isReady && !leftAt.contains($0.domain) }) else {
            return keepWaiting(
                leftAt.isEmpty
                    ? (session.lines.count == 1 ? "waiting for the venue" : "waiting for a venue")
                    : "finding out what became of \(leftAt.count) closes")
        }
        isReadySaid = true
        let away = session.lines.filter { !$0.isReady }.map(\.domain.text)
        say(
            .notice, "ready",
            away.isEmpty
                ? "everything a decision rests on has come"
                : "acting without " + away.joined(separator: ", "))
        notify.ready("watching \(session.keeper.engine.load.accountCount) accounts")
    }

    private func keepWaiting(_ status: String) {
        let now = MonotonicTime.now()
        guard now - waitingSaidAt > Self.waitingPause else { return }
        waitingSaidAt = now
        notify.waiting(status, for: Self.waitingTime)
    }

    /// What a person who is paged wants to find: how closes ended, and that the index was wrong.
    private func note(_ decision: Decision) {
        let target = decision.target
        let fields =
            named(target.domain) + [
                ("market", target.market.text), ("account", target.account.text),
                ("height", "\(decision.height)"),
            ]
        switch decision.verdict {
        case .ended(let clientID, let ending):
            say(.info, "close-ended", ending, [("close", clientID.text)] + fields)
        case .disagreed:
            say(.error, "index-disagreed", "the index had an account on the wrong side", fields)
        default: break
        }
    }

    /// Sources of an asset's price begin to agree, or no longer do.
    private func note(_ standing: PriceStanding, of domain: DomainID, at now: Instant) {
        let text = standing.text(at: now)
        say(
            standing.state.isAgreed ? .notice : .warning,
            standing.state.isAgreed ? "price-agreed" : "price-lost", text,
            named(domain) + [("asset", standing.asset.text)])
    }

    private func note(clockGap: TimeSpan?, of domain: DomainID) {
        guard let clockGap else {
            return say(.notice, "clocks-agree", "acting again", named(domain))
        }
        let side = clockGap < .zero ? "behind" : "ahead of"
        say(
            .error, "clocks-part",
            "this machine's clock is \(abs(clockGap.milliseconds)) ms \(side) the venue's, or its "
                + "word came so late; watching only until they agree: set the clock by NTP",
            named(domain))
    }

    /// Where there is one venue it goes without saying.
    private func named(_ domain: DomainID) -> [(name: String, value: String)] {
        station.workplace.config.hasSeveralVenues ? [("domain", domain.text)] : []
    }

    private func say(
        _ level: LogLevel, _ event: String, _ message: String,
        _ fields: [(name: String, value: String)] = []
    ) {
        log.write(LogLine(level, event, message, fields: fields))
    }
}

extension NetworkSession {
    /// What a watchdog sees of the three loops.
    fileprivate var marks: Watchdog.Marks {
        Watchdog.Marks(
            feedCount: feedAttemptCount, eventCount: keeper.tally.eventCount,
            hasDecidedAll: keeper.inbox.isEmpty, outcomeCount: keeper.tally.outcomeCount,
            hasNothingOpen: keeper.engine.openIntentCount == 0)
    }
}
