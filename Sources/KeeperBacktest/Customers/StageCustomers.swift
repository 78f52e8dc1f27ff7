import KeeperModel
import VenueSimulator

/// The owners of a stage's accounts, who act by a fitted hazard: once a day each of them may, at a
/// moment of the day that is drawn too.
///
/// Every draw hangs on the account and the day and on nothing else, so the customers of a stage are
/// the same whatever strategy runs there and whoever else closes.
struct StageCustomers: Sendable {
    private let hazard: CustomerHazard
    private let seed: UInt64
    /// Of today, the last one first.
    private var visits: [Visit] = []
    private var plannedDay: Int64
    private let openedAt: Instant
    private var lastMoveDay: [Key: Int64] = [:]
    private static let day: Int64 = 86_400_000_000_000

    private struct Key: Hashable {
        let market: MarketID
        let account: AccountID
    }

    private struct Visit {
        let at: Instant
        let key: Key
        let drawnPpm: UInt64
        var generator: SeededGenerator
    }

    init(_ hazard: CustomerHazard, seed: UInt64, openedAt: Instant) {
        self.hazard = hazard
        self.seed = seed
        self.openedAt = openedAt
        plannedDay = openedAt.nanoseconds / Self.day - 1
    }

    /// When somebody is due, or the next day begins.
    var nextAt: Instant {
        visits.last?.at ?? max(Instant(nanoseconds: (plannedDay + 1) * Self.day), openedAt)
    }

    /// What whoever is due does; nothing where nobody is, or where it would leave the account too
    /// near to its line.
    mutating func act(
        in world: inout StageWorld
    ) -> (market: MarketID, state: AccountState, figures: [MarketFigures])? {
        guard var visit = visits.popLast() else {
            plan(world.venue)
            return nil
        }
        let (market, account) = (visit.key.market, visit.key.account)
        guard let healthPpm = world.venue.healthPpm(of: account, in: market) else { return nil }
        let today = visit.at.nanoseconds / Self.day
        // Whoever has not moved yet has been quiet for long.
        let quiet = lastMoveDay[visit.key].map { UInt64(clamping: today - $0 - 1) } ?? .max
        let cell = hazard.bins.cell(healthPpm: healthPpm, quietDays: quiet)
        guard let move = hazard.move(inCell: cell, drawnPpm: visit.drawnPpm) else { return nil }
        let sizePpm = hazard.sizePpm(of: move, using: &visit.generator)
        guard
            let served = world.serve(
                move.act, account: account, of: market, sharePpm: min(sizePpm, move.sizeMaxPpm))
        else { return nil }
        lastMoveDay[visit.key] = today
        return (market, served.state, served.figures)
    }

    /// Whose draw could be a move in some state; in which they are is asked when they are due.
    private mutating func plan(_ venue: ReferenceVenue) {
        plannedDay += 1
        for market in venue.scenario.markets {
            for account in (venue.accounts[market] ?? [:]).keys.sorted() {
                var generator = generator(market, account)
                let drawnPpm = generator.next() % 1_000_000
                guard drawnPpm < hazard.highestPpm else { continue }
                let moment = Int64(generator.number(in: 0...UInt64(Self.day - 1)))
                let at = Instant(nanoseconds: plannedDay * Self.day + moment)
                guard at > openedAt else { continue }
                visits.append(
                    Visit(
                        at: at, key: Key(market: market, account: account), drawnPpm: drawnPpm,
                        generator: generator))
            }
        }
        visits.sort {
            ($0.at, $0.key.market, $0.key.account) > ($1.at, $1.key.market, $1.key.account)
        }
    }

    private func generator(_ market: MarketID, _ account: AccountID) -> SeededGenerator {
        let name = NameHash.fnv(market.text + "/" + account.text)
        var mixed = SeededGenerator(
            seed: name ^ seed ^ UInt64(bitPattern: plannedDay) &* 0xD1B5_4A32_D192_ED03)
        return SeededGenerator(seed: mixed.next())
    }
}

extension CustomerMove {
    /// Collateral is never taken out whole: whoever wants that has to leave first.
    fileprivate var sizeMaxPpm: UInt64 {
        switch self {
        case .topUp, .withdraw: 999_999
        case .repay, .borrow, .leave: 1_000_000
        }
    }
}
