package import KeeperModel
package import VenueSimulator

/// What stands in for one venue, and how long it takes to hear of a close.
package struct VirtualVenue {
    package let domain: DomainID
    package let venue: CounterfactualVenue
    package let latency: TimeSpan

    package init(domain: DomainID, venue: CounterfactualVenue, latency: TimeSpan) {
        self.domain = domain
        self.venue = venue
        self.latency = latency
    }

    /// In place of one venue of a configuration, with the funds that it pretends to have there.
    package init(
        _ venue: VenueConfig, of keeper: String, followsPlaces: Bool = false
    ) {
        self.init(
            domain: venue.domain,
            venue: CounterfactualVenue(
                keeper: keeper, wallet: venue.dryWallet, reserve: venue.dryReserve,
                followsPlaces: followsPlaces),
            latency: venue.dryLatency)
    }
}

extension VirtualDesk {
    package convenience init(
        _ virtual: VirtualVenue, timetable: any Timetable, post: @escaping (FeedLetter) -> Void
    ) {
        self.init(
            virtual.venue, domain: virtual.domain, latency: virtual.latency,
            timetable: timetable, post: post)
    }

    /// What stands in for one venue of a configuration.
    package convenience init(
        _ venue: VenueConfig, of keeper: String, timetable: any Timetable,
        post: @escaping (FeedLetter) -> Void
    ) {
        self.init(VirtualVenue(venue, of: keeper), timetable: timetable, post: post)
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

    func desk(of domain: DomainID) -> VirtualDesk? { desks[domain] }

    /// What is of no venue concerns no counterfactual one.
    func pass(_ letter: FeedLetter) {
        desks[letter.domain]?.pass(letter)
    }
}
