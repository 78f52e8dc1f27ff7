// What a feed asks a venue for, and how.

import KeeperModel
import KeeperTransport

enum FeedChannel: Hashable {
    case description
    case prices
    case figures
    case depth
    case flashPools
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
        case .prices, .figures, .depth, .flashPools, .closes, .accounts, .offers: true
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
}
