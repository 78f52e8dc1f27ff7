import KeeperEngine
package import KeeperJournal
package import KeeperModel
package import KeeperRuntime
import VenueSimulator
package import WideMath

/// What the books say at the end of a run, of all venues together and of each.
package struct BacktestResult {
    package let tally: KeeperTally
    package let revenue: RevenueReport
    package let closes: ClosesReport
    /// The same as values, the earliest first.
    package let journaled: [JournaledClose]
    /// In the order of the configuration.
    package let venues: [VenueResult]

    private static let closesMax = 10_000_000

    /// What the books say at the end, held against what each venue says itself.
    init(
        _ session: VirtualSession, _ journal: Journal, _ config: Config
    ) throws(KeeperStop) {
        let unit = config.unitOfAccount
        let books = try stopping("reading the books") { () throws(JournalError) in
            (
                revenue: try RevenueReport(journal, unit: unit),
                closes: try ClosesReport(journal, unit: unit),
                journaled: try journal.closes(CloseFilter(countMax: Self.closesMax))
            )
        }
        tally = session.keeper.tally
        revenue = books.revenue
        closes = books.closes
        journaled = books.journaled.reversed()
        venues = try session.desks.map { desk throws(KeeperStop) in
            // Who never described itself has no amounts, in whatever unit.
            let quote = session.keeper.engine.domain(desk.domain)?.description?.quote ?? unit
            // Alone it needs no second look at the books.
            guard session.desks.count > 1 else {
                return try VenueResult(
                    desk, session.keeper, journal, revenue: books.revenue, isInUnit: quote == unit)
            }
            let own = try stopping("reading the books") { () throws(JournalError) in
                try RevenueReport(journal, unit: quote, in: desk.domain)
            }
            return try VenueResult(
                desk, session.keeper, journal, revenue: own, isInUnit: quote == unit)
        }
    }

    /// Of our closes, as the simulated venues have them.
    package var settlements: [SettlementRecord] { venues.flatMap(\.settlements) }
    package var units: [VenueUnit] {
        venues.map { VenueUnit(domain: $0.domain, unit: $0.unit) }
    }
    package var isReconciled: Bool { venues.allSatisfy(\.reconciliation.isClean) }
    /// Whether amounts of different venues may be added: each counts in the unit of account.
    package var hasOneUnit: Bool { venues.count == 1 || venues.allSatisfy(\.isInUnitOfAccount) }
    /// Of all venues, for whoever needs one sum.
    package func netUnits() throws(KeeperStop) -> Int256 {
        guard hasOneUnit else {
            let units = venues.map { "\($0.domain) in \($0.unit.asset)" }
            throw KeeperStop(
                .recording,
                "the venues count in different units, \(units.joined(separator: ", ")): there is "
                    + "no sum to compare; give a configuration and a recording of one of them")
        }
        return revenue.netUnits
    }

    /// Recorded closes by others on accounts that we would have closed before them.
    package var voidedRivalCloses: UInt64 { venues.reduce(0) { $0 + $1.voidedRivalCloses } }
}

/// A venue, and what it counts in.
package struct VenueUnit: Hashable, Sendable {
    package let domain: DomainID
    package let unit: AssetDescription

    package init(domain: DomainID, unit: AssetDescription) {
        self.domain = domain
        self.unit = unit
    }
}

/// What one venue's part of the books says, in what this venue counts.
package struct VenueResult {
    package let domain: DomainID
    package let isInUnitOfAccount: Bool
    package let wonCount: UInt64
    package let notWonCount: UInt64
    package let revenue: RevenueReport
    /// The simulated venue's own records of our closes.
    package let settlements: [SettlementRecord]
    package let reconciliation: Reconciliation
    package let voidedRivalCloses: UInt64

    package var unit: AssetDescription { revenue.unit }

    fileprivate init(
        _ desk: VirtualDesk, _ keeper: Keeper, _ journal: Journal, revenue: RevenueReport,
        isInUnit: Bool
    ) throws(KeeperStop) {
        domain = desk.domain
        self.revenue = revenue
        isInUnitOfAccount = isInUnit
        let statement = VenueStatement(
            domain: desk.domain, keeper: Backtest.keeper,
            settlements: desk.venue.settlements?.records.map(\.record) ?? [],
            balances: desk.venue.balances)
        settlements = statement.settlements
        reconciliation = try stopping("reading the books of \(desk.domain)") {
            () throws(JournalError) in try journal.reconcile(against: statement)
        }
        wonCount = keeper.tally.wonCount(in: desk.domain)
        notWonCount = keeper.tally.notWonCount(in: desk.domain)
        voidedRivalCloses = desk.venue.forks.voidedCount
    }
}
