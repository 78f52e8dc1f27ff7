import KeeperModel
import WideMath

/// The prices of one kind in one domain, as last published, with what the guards think of each.
///
/// A price from the venue is in force whether we like it or not: the books take every one. The
/// board decides only whether a plan may rest on it.
struct PriceBoard {
    struct Entry {
        let price: UInt256
        var round: UInt64
        let sourceAt: Instant
        let receivedAt: Instant
        /// Set while a jump waits for a second round to agree with it.
        let isUnconfirmedJump: Bool
        /// Which acceptance of the board this was.
        let number: UInt64
    }

    var entries = NameOrder<AssetID, Entry>()
    /// How many updates were accepted.
    var acceptedCount: UInt64 = 0
    private let kind: PriceKind
    var guards: PriceGuards
    var rejectedCount: UInt64 = 0

    init(_ kind: PriceKind, guards: PriceGuards) {
        self.kind = kind
        self.guards = guards
    }

    subscript(asset: AssetID) -> Entry? { entries[asset] }

    /// False for an update that must not enter a book at all: no price, or a round that goes back.
    mutating func accept(_ update: PriceUpdate, receivedAt: Instant) -> Bool {
        guard update.kind == kind, update.price > .zero else { return reject() }
        let previous = entries[update.asset]
        if let previous, update.round < previous.round { return reject() }
        if let previous, update.round == previous.round, update.price != previous.price {
            return reject()
        }
        // The same round once more, after a reconnection, confirms nothing.
        let hasJumped =
            previous.map {
                update.round == $0.round
                    ? $0.isUnconfirmedJump : isJump(from: $0.price, to: update.price)
            } ?? false
        acceptedCount += 1
        entries[update.asset] = Entry(
            price: update.price, round: update.round, sourceAt: update.sourceAt,
            receivedAt: receivedAt, isUnconfirmedJump: hasJumped, number: acceptedCount)
        return true
    }

    /// What a book has heard that was made after so many acceptances.
    func updates(after number: UInt64) -> [PriceUpdate] {
        zip(entries.names, entries.values).compactMap { asset, entry in
            guard entry.number > number else { return nil }
            return PriceUpdate(
                asset: asset, kind: kind, price: entry.price, round: entry.round,
                sourceAt: entry.sourceAt)
        }
    }

    /// Heights were taken back, and rounds with them: the next round of each is taken as it comes.
    mutating func goBack() {
        entries.changeEach { _, entry in entry.round = 0 }
    }

    /// Why no plan may rest on these prices now, or nil where it may.
    func doubt(about assets: [AssetID], now: Instant) -> String? {
        for asset in assets {
            guard let entry = entries[asset] else { return "no price of \(asset)" }
            if entry.isUnconfirmedJump {
                return "\(asset) jumped in round \(entry.round) and no later round agrees yet"
            }
            let age = now - entry.receivedAt
            if age > guards.ageMax {
                return "\(asset) is \(age.milliseconds) ms old, "
                    + "limit \(guards.ageMax.milliseconds) ms"
            }
            if now - entry.sourceAt > guards.ageMax {
                return "\(asset) was made \((now - entry.sourceAt).milliseconds) ms ago, "
                    + "limit \(guards.ageMax.milliseconds) ms"
            }
        }
        return nil
    }

    private mutating func reject() -> Bool {
        rejectedCount += 1
        return false
    }

    private func isJump(from old: UInt256, to new: UInt256) -> Bool {
        let move = new > old ? new - old : old - new
        let bound = mulDivSaturating(old, UInt256(guards.jumpMaxPpm))
        return move > bound
    }

    /// old × ppm / 1e6; a product past 256 bits bounds nothing.
    private func mulDivSaturating(_ old: UInt256, _ ppm: UInt256) -> UInt256 {
        let product = old.multipliedReportingOverflow(by: ppm)
        return product.overflow ? .max : product.partialValue / UInt256(1_000_000)
    }
}
