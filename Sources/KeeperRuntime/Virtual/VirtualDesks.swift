package import KeeperModel
import VenueSimulator

extension VirtualDesk {
    /// What stands in for one venue of a configuration.
    package convenience init(
        _ venue: VenueConfig, of keeper: String, latency: TimeSpan, timetable: any Timetable,
        post: @escaping (FeedLetter) -> Void
    ) {
        self.init(
            CounterfactualVenue(
                keeper: keeper, wallet: venue.dryWallet, reserve: venue.dryReserve),
            domain: venue.domain, latency: latency, timetable: timetable, post: post)
    }
}

/// One virtual desk for each domain, behind one door.
final class VirtualDesks {
    private let desks: [DomainID: VirtualDesk]
    let board: DeskBoard

    init(_ desks: [VirtualDesk]) {
        var byDomain: [DomainID: VirtualDesk] = [:]
        for desk in desks { byDomain[desk.domain] = desk }
        self.desks = byDomain
        board = DeskBoard(byDomain)
    }

    /// What is of no venue concerns no counterfactual one.
    func pass(_ letter: FeedLetter) {
        desks[letter.domain]?.pass(letter)
    }
}
