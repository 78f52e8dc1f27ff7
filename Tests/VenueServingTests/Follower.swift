import KeeperModel
import KeeperTransport
import VenueREST
import VenueServing

/// A feed, and the accounts of a venue, or what it offers instead, as the feed tells of them.
final class Follower {
    let feed: RESTFeed
    private let told: Told

    private final class Told {
        var tables: [MarketID: [AccountID: AccountState]] = [:]
        var changeCount = 0

        func take(_ body: EventBody) {
            switch body {
            case .accountsReplaced(let market, let states):
                tables[market] = [:]
                for state in states { tables[market]?[state.account] = state }
            case .accountsChanged(let market, let changed, let removed):
                changeCount += 1
                for state in changed { tables[market]?[state.account] = state }
                for account in removed { tables[market]?[account] = nil }
            default: break
            }
        }
    }

    var wasToldOfAChange: Bool { told.changeCount > 0 }

    /// Of the rig's own market, by id.
    var accounts: [AccountState] {
        (told.tables[VenueRig.lending] ?? [:]).values.sorted { $0.account < $1.account }
    }

    /// Of all markets, by id.
    var allAccounts: [AccountState] {
        told.tables.values.flatMap(\.values).sorted { $0.account < $1.account }
    }

    init(_ rig: VenueRig) {
        let told = Told()
        self.told = told
        var settings = RESTFeedSettings()
        settings.pollWaitMilliseconds = 200
        feed = RESTFeed(
            domain: VenueRig.domain, endpoint: rig.endpoint, reactor: rig.reactor,
            settings: settings, sink: { told.take($0.body) })
    }

    deinit { feed.stop() }
}
