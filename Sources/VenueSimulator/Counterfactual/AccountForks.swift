package import KeeperModel

/// Accounts as they would be, had our virtual closes happened.
///
/// A virtual close does not change the real feed, so it forks the account. From then on recorded
/// changes are rebased on the fork, by rule:
///
/// - a change that takes both sides down together (debt and collateral, or lots) is a close by
///   somebody else, who in our history came too late: it is void;
/// - any other change moves the fork by the same scaled amounts, never below nothing;
/// - an account that disappears ends its fork.
///
/// One account earns once per episode: after a virtual close nothing more is earned on it until the
/// recorded account has been healthy, or gone, at least once.
package struct AccountForks: Sendable {
    private struct Fork {
        /// As the feed said last.
        var recorded: AccountPosition
        /// As we would have it; nil where nothing is left.
        var position: AccountPosition?
        var version: UInt64
    }

    private struct Key: Hashable {
        let market: MarketID
        let account: AccountID
    }

    private var forks: [Key: Fork] = [:]
    private var earned: [MarketID: EpisodeTable] = [:]
    package private(set) var voidedCount: UInt64 = 0

    package init() {}

    package var count: Int { forks.count }

    /// Starts or moves a fork after a virtual close.
    package mutating func close(
        _ market: MarketID, recorded: AccountState, position: AccountPosition?
    ) -> AccountState? {
        let key = Key(market: market, account: recorded.account)
        let version = max(forks[key]?.version ?? 0, recorded.version) + 1
        let base = forks[key]?.recorded ?? recorded.position
        forks[key] = Fork(recorded: base, position: position, version: version)
        earned[market, default: EpisodeTable()].begin(recorded.account)
        return position.map {
            AccountState(account: recorded.account, version: version, position: $0)
        }
    }

    package func hasEarned(_ market: MarketID, _ account: AccountID) -> Bool {
        earned[market]?.contains(account) ?? false
    }

    /// The recorded account is healthy again: its episode is over.
    package mutating func endEpisode(_ market: MarketID, _ account: AccountID) {
        earned[market]?.end(account)
    }

    /// Those of the accounts that have earned whose episode is over, by name. `roomPpm` says how
    /// far prices may move together before that can be, and nil where it is so. Asked with every
    /// price, so only those are looked at that prices can have reached.
    package mutating func endedEpisodes(
        of market: MarketID, driftPpm: UInt64, roomPpm: (AccountPosition) -> UInt64?
    ) -> [AccountID] {
        guard var table = earned.removeValue(forKey: market) else { return [] }
        defer { earned[market] = table }
        return table.look(atDrift: driftPpm) { account in
            forks[Key(market: market, account: account)].map { roomPpm($0.recorded) } ?? 0
        }.sorted()
    }

    /// The recorded position under a fork, or nil where there is no fork.
    package func recorded(_ market: MarketID, _ account: AccountID) -> AccountPosition? {
        forks[Key(market: market, account: account)]?.recorded
    }

    /// What the keeper sees of a recorded change; nil where the account is gone for it.
    package mutating func rebase(_ market: MarketID, _ state: AccountState) -> AccountState? {
        let key = Key(market: market, account: state.account)
        guard var fork = forks[key] else { return state }
        if PositionChange.isClose(from: fork.recorded, to: state.position) {
            voidedCount += 1
        } else {
            fork.position = PositionChange.moved(
                fork.position, from: fork.recorded, to: state.position)
        }
        fork.recorded = state.position
        fork.version = max(fork.version, state.version) + 1
        forks[key] = fork
        earned[market]?.lookSoon(state.account)
        return fork.position.map {
            AccountState(account: state.account, version: fork.version, position: $0)
        }
    }

    package mutating func remove(_ market: MarketID, _ account: AccountID) {
        let key = Key(market: market, account: account)
        forks[key] = nil
        earned[market]?.end(account)
    }
}
