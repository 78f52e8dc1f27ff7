import KeeperCodec
import KeeperEngine
import KeeperFeeds
package import KeeperModel
import KeeperRisk
import KeeperTransport
import VenueREST

/// What an operator asks first: is it running, is it acting, and if not, why not.
package struct StatusReport: Sendable {
    /// What is known beside the engine.
    package struct Surroundings: Sendable {
        package let mode: StationMode
        package let startedAt: Instant
        package let now: Instant
        /// Nil where nothing holds live mode back.
        package let watchOnlyReason: String?

        /// Whether the last reload was adopted; nil before any.
        package let hasReloaded: Bool?

        package init(
            mode: StationMode, startedAt: Instant, now: Instant, watchOnlyReason: String?,
            hasReloaded: Bool?
        ) {
            self.mode = mode
            self.startedAt = startedAt
            self.now = now
            self.watchOnlyReason = watchOnlyReason
            self.hasReloaded = hasReloaded
        }
    }

    private let fields: [(name: String, value: Value)]

    private enum Value: Sendable {
        case text(String)
        case flag(Bool)
        case count(UInt64)
    }

    package init(_ session: NetworkSession, domain: DomainID, _ around: Surroundings) {
        let keeper = session.keeper
        let engine = keeper.engine
        let load = engine.load
        var fields: [(String, Value)] = [
            ("mode", .text(around.mode == .live ? "live" : "dry-run")),
            ("domain", .text(domain.text)),
            ("startedAt", .text(UTCText.text(around.startedAt))),
            ("now", .text(UTCText.text(around.now))),
            ("ready", .flag(session.isReady)),
            ("paused", .flag(engine.risk.isKilled)),
            ("draining", .flag(session.isDraining)),
        ]
        if let reason = around.watchOnlyReason { fields.append(("watchOnly", .text(reason))) }
        if let hasReloaded = around.hasReloaded {
            fields.append(("lastReloadSuccessful", .flag(hasReloaded)))
        }
        fields += [
            ("height", .count(session.height)),
            ("accounts", .count(UInt64(load.accountCount))),
            ("eligible", .count(UInt64(engine.eligibleTargets().count))),
            ("openIntents", .count(UInt64(load.openIntentCount))),
            ("won", .count(keeper.tally.wonCount)),
            ("notWon", .count(keeper.tally.notWonCount)),
            ("events", .count(keeper.tally.eventCount)),
            ("decisions", .count(keeper.tally.decisionCount)),
            ("waitingLetters", .count(UInt64(keeper.inbox.count))),
            ("droppedLetters", .count(keeper.inbox.droppedCount)),
            ("disagreements", .count(engine.disagreementCount)),
        ]
        fields += Self.treasuryFields(engine, domain, at: around.now)
        if let shadow = session.shadow { fields += Self.fields(of: shadow) }
        if let trouble = session.feed.tally.lastTrouble {
            fields.append(("lastFeedTrouble", .text(trouble)))
        }
        if session.feed.pool.endpoints.count > 1 {
            fields += session.feed.pool.standings.map { ("way.\($0.endpoint)", .text($0.text)) }
        }
        if let priceFeed = session.priceFeed {
            fields += Self.fields(of: priceFeed, at: session.now)
        }
        self.fields = fields
    }

    /// What purses are short of, or too full, and why nothing is done about it: an alarm each.
    private static func treasuryFields(
        _ engine: Engine, _ domain: DomainID, at now: Instant
    ) -> [(String, Value)] {
        guard engine.settings.limits.treasury != nil else { return [] }
        guard let plan = engine.treasuryPlan(in: domain, at: now) else {
            let reason = engine.treasuryObstacle(in: domain) ?? "unknown"
            return [("treasury", .text("cannot act: \(reason)"))]
        }
        return plan.lines.filter { $0.outcome != .balanced }.map {
            ("treasury.\($0.rule.asset)", .text($0.words))
        }
    }

    private static func fields(of shadow: Shadow) -> [(String, Value)] {
        let (tally, counts) = (shadow.keeper.tally, shadow.counts)
        let fields: [(String, Value)] = [
            ("shadow.decisions", .count(tally.decisionCount)),
            ("shadow.won", .count(tally.wonCount)),
            ("shadow.notWon", .count(tally.notWonCount)),
            ("shadow.proposedByBoth", .count(counts.both)),
            ("shadow.proposedHereOnly", .count(counts.onlyLive)),
            ("shadow.proposedThereOnly", .count(counts.onlyShadow)),
        ]
        return fields + (shadow.problem.map { [("shadow.ended", .text($0))] } ?? [])
    }

    /// How each asset's price stands, and what was wrong last with each source that is not well.
    private static func fields(of feed: PriceFeed, at now: Instant) -> [(String, Value)] {
        let prices = feed.standings.map { standing in
            ("price.\(standing.asset)", Value.text(standing.text(at: now)))
        }
        let troubles = feed.tallies.compactMap { name, tally in
            tally.lastRefusal.map { refusal -> (String, Value) in
                let counts = "\(tally.priceCount) prices, \(tally.refusalCount) refused"
                return ("feed.\(name)", .text("\(counts), last \(refusal)"))
            }
        }
        return prices + troubles
    }

    package var lines: [String] { columns(words.map { [$0.name, $0.value] }) }

    package var words: [(name: String, value: String)] {
        fields.map { field in
            switch field.value {
            case .text(let text): (field.name, text)
            case .flag(let flag): (field.name, flag ? "yes" : "no")
            case .count(let count): (field.name, "\(count)")
            }
        }
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        for field in fields {
            switch field.value {
            case .text(let text): json.member(field.name, text)
            case .flag(let flag): json.member(field.name, flag)
            case .count(let count): json.member(field.name, count)
            }
        }
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}

extension PoolStanding {
    fileprivate var text: String {
        let height = height.map { "at height \($0)" } ?? "said no height yet"
        return height + (isBehind ? ", behind the others" : "") + (isResting ? ", resting" : "")
    }
}
