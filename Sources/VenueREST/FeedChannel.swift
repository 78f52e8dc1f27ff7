// What a feed asks a venue for, and how.

import KeeperModel
import KeeperTransport
import Synchronization

enum FeedChannel: Hashable {
    case description
    case prices
    case figures
    case depth
    case flashPools
    /// What each market lets happen, and what it will.
    case switches
    /// What was closed, by whomever.
    case closes
    case accounts(MarketID)
    /// Of all markets at once, where accounts are not shown.
    case offers
    case balances

    var path: String {
        switch self {
        case .description: "/v1/capabilities"
        case .prices: "/v1/prices"
        case .figures: "/v1/figures"
        case .depth: "/v1/depth"
        case .flashPools: "/v1/flash-pools"
        case .switches: "/v1/switches"
        case .closes: "/v1/closes"
        case .accounts(let market): "/v1/markets/\(market)/accounts"
        case .offers: "/v1/offers"
        case .balances: "/v1/balances"
        }
    }

    /// Followed by long polls from sequence to sequence.
    var isStream: Bool {
        switch self {
        case .description, .balances: false
        case .prices, .figures, .depth, .flashPools, .switches, .closes, .accounts, .offers: true
        }
    }
}

/// One channel being followed: where it stands and what is under way.
final class FollowedChannel {
    let channel: FeedChannel
    /// The last entry that we know; nil asks for a fresh start.
    var after: UInt64?
    var request: PoolReadID?
    /// What is under way was asked before somebody wanted something newer.
    var isStale = false
    /// The pages of its snapshot that have come; nil where none has, or all have.
    var part: SnapshotPart?
    /// Its snapshot waits until fewer others are under way.
    var waitsForTurn = false
    /// Its snapshot has come and is being read.
    var isReading = false
    var pause: TimerID?
    var backOff = BackOff()
    /// Something was read and handed on.
    var hasBegun = false

    init(_ channel: FeedChannel) {
        self.channel = channel
    }

    /// Asks, or would, for all accounts of its market.
    var isSnapshot: Bool {
        if case .accounts = channel { after == nil } else { false }
    }

    /// Not there yet, and on its way.
    var isSnapshotUnderWay: Bool {
        isSnapshot && (request != nil || isReading || part != nil)
    }

    /// How the next page is asked for.
    var pageQuery: [QueryItem] {
        let first = QueryItem("page", "\(part?.nextPage ?? 0)")
        return [first] + (part.map { [QueryItem("sequence", "\($0.sequence)")] } ?? [])
    }
}

/// Pages on their way to the thread that reads the next one, and back: with two owners they would
/// be copied for each.
final class LentPages: Sendable {
    private let part: Mutex<SnapshotPart?>

    init(_ part: SnapshotPart?) {
        self.part = Mutex(part)
    }

    func take() -> SnapshotPart? { part.withLock { $0.take() } }
    func put(_ returned: SnapshotPart?) { part.withLock { $0 = returned } }
}
