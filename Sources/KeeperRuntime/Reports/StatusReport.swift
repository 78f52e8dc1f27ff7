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

    package init(_ session: NetworkSession, _ around: Surroundings) {
        let keeper = session.keeper
        let engine = keeper.engine
        let load = engine.load
        let isOne = session.lines.count == 1
        let names = session.lines.map(\.domain.text).joined(separator: ", ")
        var fields: [(String, Value)] = [
            ("mode", .text(around.mode == .live ? "live" : "dry-run")),
            (isOne ? "domain" : "domains", .text(names)),
            ("startedAt", .text(UTCText.text(around.startedAt))),
            ("now", .text(UTCText.text(around.now))),
            ("ready", .flag(session.isReady)),
            ("paused", .flag(Self.isPaused(engine, session.lines))),
            ("draining", .flag(session.isDraining)),
        ]
        if let reason = around.watchOnlyReason { fields.append(("watchOnly", .text(reason))) }
        if let hasReloaded = around.hasReloaded {
            fields.append(("lastReloadSuccessful", .flag(hasReloaded)))
        }
        // Heights of different venues have nothing to do with each other.
        if isOne { fields.append(("height", .count(session.height(of: session.lines[0].domain)))) }
        fields += [
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
        for line in session.lines {
            fields += Self.treasuryFields(engine, line.domain, isOne, at: around.now)
        }
        if let shadow = session.shadow { fields += Self.fields(of: shadow) }
        for line in session.lines {
            fields +=
                isOne ? [] : Self.fields(of: line, engine, height: session.height(of: line.domain))
            fields += Self.switchFields(engine, line.domain, isOne)
            fields += Self.feedFields(of: line, isOne, at: session.now)
        }
        self.fields = fields
    }

    /// Nothing new anywhere, for whichever reason.
    private static func isPaused(_ engine: Engine, _ lines: [VenueLine]) -> Bool {
        lines.allSatisfy { engine.risk.stop(of: $0.domain) != nil }
    }

    /// What is said of one venue among several: whether it is there, and how far it is.
    private static func fields(
        of line: VenueLine, _ engine: Engine, height: UInt64
    ) -> [(String, Value)] {
        let now = MonotonicTime.now()
        let heard = line.heardAt.map { "\((now - $0).milliseconds) ms ago" } ?? "never"
        let open = engine.risk.openIntents.values.count { $0.plan.target.domain == line.domain }
        let fields: [(name: String, value: Value)] = [
            ("ready", .flag(line.isReady)), ("silent", .flag(!line.isHeard(at: now))),
            ("heard", .text(heard)), ("height", .count(height)),
            ("openIntents", .count(UInt64(open))),
            ("paused", .flag(engine.risk.stop(of: line.domain) != nil)),
        ]
        return fields.map { ("venue.\(line.domain).\($0.name)", $0.value) }
    }

    /// Markets that take no closes, or soon none: why nothing happens there.
    private static func switchFields(
        _ engine: Engine, _ domain: DomainID, _ isOne: Bool
    ) -> [(String, Value)] {
        let prefix = isOne ? "market." : "market.\(domain)."
        return (engine.domain(domain)?.switchWords ?? []).map {
            (prefix + $0.market.text, .text($0.words))
        }
    }

    private static func feedFields(
        of line: VenueLine, _ isOne: Bool, at now: Instant
    ) -> [(String, Value)] {
        var fields: [(String, Value)] = []
        if let trouble = line.feed.tally.lastTrouble {
            let name = isOne ? "lastFeedTrouble" : "venue.\(line.domain).lastFeedTrouble"
            fields.append((name, .text(trouble)))
        }
        if line.feed.pool.endpoints.count > 1 {
            fields += line.feed.pool.standings.map { ("way.\($0.endpoint)", .text($0.text)) }
        }
        if let priceFeed = line.priceFeed {
            let prefix = isOne ? "price." : "price.\(line.domain)."
            fields += Self.fields(of: priceFeed, prefix, at: now)
        }
        return fields
    }

    /// What purses are short of, or too full, and why nothing is done about it: an alarm each. Of
    /// several venues those without a rule are left alone.
    private static func treasuryFields(
        _ engine: Engine, _ domain: DomainID, _ isOne: Bool, at now: Instant
    ) -> [(String, Value)] {
        guard let rules = engine.settings.limits.treasury,
            isOne || rules.purses.contains(where: { $0.domain == domain })
        else { return [] }
        let name = isOne ? "treasury" : "treasury.\(domain)"
        guard let plan = engine.treasuryPlan(in: domain, at: now) else {
            let reason = engine.treasuryObstacle(in: domain) ?? "unknown"
            return [(name, .text("cannot act: \(reason)"))]
        }
        return plan.lines.filter { $0.outcome != .balanced }.map {
            ("\(name).\($0.rule.asset)", .text($0.words))
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
    private static func fields(
        of feed: PriceFeed, _ prefix: String, at now: Instant
    ) -> [(String, Value)] {
        let prices = feed.standings.map { standing in
            (prefix + standing.asset.text, Value.text(standing.text(at: now)))
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
