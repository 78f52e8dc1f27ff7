import KeeperCodec
import KeeperCommands
import KeeperEngine
import KeeperModel
import KeeperRuntime
import WideMath

/// Verbs that only look. What waits in memory to be written goes to its file first, so that the
/// books answer as of now.
extension ControlRoom {
    func look(_ request: ControlRequest) throws -> ControlAnswer {
        let config = station.workplace.config
        let engine = session.keeper.engine
        switch request.verb {
        case .status:
            let report = status
            return ControlAnswer(lines: report.lines, json: report.jsonText)
        case .balance:
            return ofEachVenue { domain in
                let report = BalanceReport(engine, domain: domain, unit: config.unitOfAccount)
                return (domain, report.lines, report.jsonText)
            }
        case .positions:
            return ofEachVenue { domain in
                let report = PositionsReport(engine, domain: domain, countMax: request.countMax)
                return (domain, report.lines, report.jsonText)
            }
        case .treasury:
            return ofEachVenue { domain in
                let report = TreasuryReport(engine, domain: domain, at: session.now)
                return (domain, report.lines, report.jsonText)
            }
        case .explain: return try explain(request)
        default: return try books(request)
        }
    }

    private func ofEachVenue(_ report: (DomainID) -> VenueReports.Part) -> ControlAnswer {
        let reports = VenueReports(session.lines.map { report($0.domain) })
        return ControlAnswer(lines: reports.lines, json: reports.jsonText)
    }

    var status: StatusReport {
        StatusReport(
            session,
            StatusReport.Surroundings(
                mode: station.mode, startedAt: startedAt, now: session.now,
                watchOnlyReason: watchOnlyReason, hasReloaded: desk.lastSucceeded))
    }

    private func books(_ request: ControlRequest) throws -> ControlAnswer {
        switch request.verb {
        case .closes: return try answer(.closes, request)
        case .revenue: return try answer(.revenue(by: request.grouping), request)
        case .transfers: return try answer(.transfers, request)
        case .lots: return try answer(.lots(request.lotMethod ?? .fifo), request)
        default:
            try station.save()
            let report = try DecisionsReport(
                station.decisionLog, since: request.since, countMax: request.countMax)
            return ControlAnswer(lines: report.lines, json: report.jsonText)
        }
    }

    private func answer(
        _ question: BooksQuestion, _ request: ControlRequest
    ) throws -> ControlAnswer {
        let answer = try BooksAnswer(
            to: question, from: station.journal, unit: station.workplace.config.unitOfAccount)
        return ControlAnswer(
            lines: request.isCSV ? answer.csvLines : answer.lines, json: answer.jsonText,
            code: answer.isExplained ? .done : .difference)
    }

    /// Where the account stands, now or at a moment that is still kept, and what was decided about
    /// it until then.
    private func explain(_ request: ControlRequest) throws -> ControlAnswer {
        guard let account = request.account else {
            throw ControlProblem(.usage, "'explain' needs an account")
        }
        let standing = StandingReport(
            try explanations(of: account, at: request.at), account: account,
            unit: station.workplace.config.unitOfAccount)
        try station.save()
        let past = try ExplainReport(station.decisionLog, account: account, until: request.at)
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("account", account.text)
        standing.writeStandings(to: &json)
        past.writeDecisions(to: &json)
        json.endObject()
        return ControlAnswer(
            lines: standing.lines + ["", "decided about it"] + past.lines,
            json: String(decoding: json.finish(), as: UTF8.self))
    }

    private func explanations(
        of account: AccountID, at instant: Instant?
    ) throws(ControlProblem) -> [Explanation] {
        let keeper = session.keeper
        guard let instant, instant < session.now else {
            return keeper.engine.explain(account, at: session.now)
        }
        guard let past = keeper.history?.engine(at: instant) else {
            throw ControlProblem(
                .inputMissing,
                "\(UTCText.text(instant)) is not kept: "
                    + (keeper.history?.beginning.map { "the past begins at \(UTCText.text($0))" }
                        ?? "no past is kept")
                    + "; a recording that was made then can be asked with --replay")
        }
        return past.engine.explain(account, at: instant)
    }
}
