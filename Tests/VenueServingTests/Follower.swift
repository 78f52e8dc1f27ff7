import KeeperModel
import KeeperTransport
import VenueREST
import VenueServing

/// A feed, and the accounts of one market as it tells of them.
final class Follower {
    let feed: RESTFeed
    private let told: Told

    private final class Told {
        var table: [AccountID: AccountState] = [:]

        func take(_ body: EventBody) {
            switch body {
            case .accountsReplaced(VenueRig.lending, let states):
                table = [:]
                for state in states { table[state.account] = state }
            case .accountsChanged(VenueRig.lending, let changed, let removed):
                for state in changed { table[state.account] = state }
                for account in removed { table[account] = nil }
            default: break
            }
        }
    }

    /// By id.
    var accounts: [AccountState] { told.table.keys.sorted().compactMap { told.table[$0] } }

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
