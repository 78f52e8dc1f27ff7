import KeeperEngine
import KeeperJournal
package import KeeperModel
package import KeeperRuntime
import LiquidationRules
package import VenueSimulator
import WideMath

/// One path of prices over the present book: our own engine, risk and books on one side, the
/// reference venue on the other, both as they are everywhere else.
///
/// A bar is a set of prices. Within a bar it goes round by round until nobody closes anything any
/// more: prices, our closes, those of everybody else, and what was sold moves the next round's
/// prices.
package final class StressRun {
    private let desk: StressDesk
    private let keeper: Keeper
    private let journal: Journal
    private let timetable: VirtualTimetable
    private let witness = StressWitness()
    private let model: StressModel
    private let config: Config
    private let mailbox = LetterBox()
    private let base: [AssetID: UInt64]
    private var touched: Set<Target> = []
    /// For how many rounds of this bar an account has been over its line.
    private var seenRounds: [Target: Int] = [:]
    private var needed: [AssetID: UInt256] = [:]
    private var outcome = StressOutcome()
    private var listsAccounts = true

    package init(
        _ workplace: Workplace, _ book: StandingBook, _ model: StressModel,
        strategies: [StrategyName] = []
    ) throws(KeeperStop) {
        self.model = model
        config = workplace.config
        var venue: ReferenceVenue
        do {
            venue = try ReferenceVenue(
                standing: book,
                StandingTerms(fundUnits: model.fundUnits, heightSpan: StressModel.roundSpan))
        } catch {
            throw KeeperStop(.recording, error.description)
        }
        venue.admit(keeper: StressDesk.keeper, endowedWith: config.venue.dryWallet)
        base = book.prices.compactMapValues(\.asUInt64)
        timetable = VirtualTimetable(startingAt: venue.openedAt)
        desk = StressDesk(
            venue, domain: config.venue.domain, latency: config.dryRun.latency, model: model,
            timetable: timetable, post: mailbox.post)
        journal = try stopping("books in memory") { () throws(JournalError) in
            try Journal(path: ":memory:")
        }
        keeper = Keeper(
            engine: Engine(
                settings: workplace.settings(keyPrefix: Backtest.keyPrefix, only: strategies)),
            parts: KeeperParts(
                desk: desk, journal: JournalStore(journal), decisions: witness,
                alarm: TimetableAlarm(timetable, post: mailbox.post), events: nil,
                resyncing: nil))
        mailbox.keeper = keeper
    }

    /// Bars follow each other by a span of time. Where accounts are listed, every one of them is
    /// also asked at the venue.
    package func run(
        _ bars: [[AssetID: UInt64]], every span: TimeSpan, listsAccounts: Bool = true
    ) throws(KeeperStop) -> StressOutcome {
        precondition(!bars.isEmpty, "A path has a price")
        outcome.fundUnits = [fundUnits]
        self.listsAccounts = listsAccounts
        let start = timetable.now
        for (number, bar) in bars.enumerated() {
            let due = start + TimeSpan(nanoseconds: span.nanoseconds * Int64(number))
            try run(bar, from: max(due, timetable.now) + StressModel.roundSpan)
            outcome.fundUnits.append(fundUnits)
        }
        return try concluded(bars[0])
    }

    private var fundUnits: Int256 { desk.venue.world.settlements.state.fund }

    // MARK: A bar

    private func run(_ prices: [AssetID: UInt64], from start: Instant) throws(KeeperStop) {
        desk.venue.assumedPrices = prices
        seenRounds = [:]
        var at = start
        for round in 1...StressModel.roundsMax {
            let isOpening = outcome.roundCount == 0
            outcome.roundCount += 1
            let closesBefore = desk.venue.channels.closes.sequence
            try open(at, isOpening: isOpening)
            let targets = keeper.engine.eligibleTargets()
            touched.formUnion(targets)
            if isOpening { try noteOpening(targets) }
            at = at + StressModel.roundSpan
            try runScheduled(before: at)
            letOthersClose()
            let closeCount = desk.venue.channels.closes.sequence - closesBefore
            note(roundOf: closeCount)
            // A jump of the prices is believed when a second round agrees with it.
            if closeCount == 0, targets.isEmpty || round > StressModel.graceRounds + 1 { return }
        }
        outcome.hasEnded = false
    }

    private func open(_ at: Instant, isOpening: Bool) throws(KeeperStop) {
        try runScheduled(before: at)
        timetable.advance(to: at)
        desk.venue.pass(to: at)
        if isOpening {
            try keeper.recover(now: at)
            desk.tellOpening()
        } else {
            desk.tellChanges()
            desk.tellPrices()
        }
        try keeper.turnAll()
    }

    /// The keeper hears of it with the next round.
    private func letOthersClose() {
        guard model.againstCount > 0 else { return }
        for target in keeper.engine.eligibleTargets() {
            seenRounds[target, default: 0] += 1
            let isLeft = seenRounds[target] ?? 0 > StressModel.graceRounds
            guard isLeft || desk.isBeaten(to: target) else { continue }
            _ = desk.venue.closeByCrowd(
                target, named: StressDesk.crowd, gainMinUnits: .zero)
        }
    }

    private func runScheduled(before end: Instant) throws(KeeperStop) {
        while timetable.runNext(until: Instant(nanoseconds: end.nanoseconds - 1)) {
            try keeper.turnAll()
        }
    }

    // MARK: What is noted

    /// The index and the rules are asked apart, and have to say the same.
    private func noteOpening(_ targets: [Target]) throws(KeeperStop) {
        outcome.eligible = tallies(targets)
        guard listsAccounts else { return }
        let closable = desk.venue.closable().map {
            Target(domain: config.venue.domain, market: $0.market, account: $0.account)
        }
        guard Set(closable) == Set(targets) else {
            throw KeeperStop(
                .invariant,
                "the watch index has \(targets.count) accounts over their line and the venue "
                    + "\(closable.count): a bug, report it")
        }
        outcome.eligibleTargets = targets
    }

    private func tallies(_ targets: [Target]) -> [StressTally] {
        var tallies: [MarketID: StressTally] = [:]
        for target in targets {
            guard let exposure = desk.venue.exposure(of: target.account, in: target.market)
            else { continue }
            var tally = tallies[target.market] ?? StressTally(market: target.market)
            tally.count += 1
            tally.debtUnits += exposure.debtUnits
            tally.collateralUnits += exposure.collateralUnits
            tally.shortfallUnits += exposure.shortfallUnits
            tallies[target.market] = tally
        }
        return tallies.keys.sorted().compactMap { tallies[$0] }
    }

    private func note(roundOf closeCount: UInt64) {
        let channel = desk.venue.channels.closes
        guard closeCount > 0,
            case .entries(let entries) = channel.reading(
                after: channel.sequence - min(closeCount, UInt64(channel.retainedMax)),
                countMax: .max)
        else { return }
        var paid: [AssetID: UInt256] = [:]
        for close in entries.map(\.payload) {
            if close.keeper == StressDesk.keeper {
                outcome.ownCloseCount += 1
            } else {
                outcome.otherCloseCount += 1
            }
            guard let amount = close.paid else { continue }
            paid[amount.asset, default: .zero] += amount.amount
        }
        for (asset, amount) in paid { needed[asset] = max(needed[asset] ?? .zero, amount) }
    }

    private func concluded(_ assumed: [AssetID: UInt64]) throws(KeeperStop) -> StressOutcome {
        let venue = desk.venue
        let records = venue.world.settlements.records.map(\.record)
        let statement = VenueStatement(
            domain: config.venue.domain, keeper: StressDesk.keeper, settlements: records,
            balances: venue.balances(of: StressDesk.keeper))
        let (revenue, reconciliation) = try stopping("reading the books") {
            () throws(JournalError) in
            (
                try RevenueReport(journal, unit: config.unitOfAccount),
                try journal.reconcile(against: statement)
            )
        }
        outcome.earnedUnits = revenue.netUnits
        outcome.gasUnits = model.gasUnits * Int256(Int64(clamping: desk.callCount))
        outcome.isReconciled = reconciliation.isClean
        outcome.measures = VenueMeasures(records)
        outcome.touchedCount = touched.count
        outcome.noFundsCount = witness.noFundsCount
        outcome.left = tallies(keeper.engine.eligibleTargets())
        outcome.needed = needed.keys.sorted().compactMap { asset in
            needed[asset].map { AssetAmount(asset: asset, amount: $0) }
        }
        outcome.prices = venue.scenario.assets.map(\.description.asset).map { asset in
            StressPrice(
                asset: asset, nowUnits: base[asset] ?? 0,
                assumedUnits: assumed[asset] ?? base[asset] ?? 0,
                endUnits: venue.truePrice(of: asset) ?? 0)
        }
        return outcome
    }
}

/// What the keeper decided, counted.
private final class StressWitness: DecisionSink {
    private(set) var noFundsCount = 0

    func append(_ decision: Decision) throws(KeeperStop) {
        if case .skipped(.noFunds) = decision.verdict { noFundsCount += 1 }
    }
}

extension StressRun {
    /// The prices of a book after a shock.
    package static func bar(
        of book: StandingBook, after shock: StressShock
    ) -> [AssetID: UInt64] {
        var bar: [AssetID: UInt64] = [:]
        for asset in (book.description?.assets ?? []).map(\.asset) {
            guard let price = book.prices[asset]?.asUInt64 else { continue }
            bar[asset] = shock.price(price, of: asset)
        }
        return bar
    }
}
