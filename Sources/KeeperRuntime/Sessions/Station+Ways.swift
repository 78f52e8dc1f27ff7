import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperTransport

extension Station {
    /// Endpoints of their own for each venue: what waits on the wire is counted by their names, so
    /// a venue that answers nothing holds nobody's connections but its own.
    package static func ways(_ config: Config) throws(StartProblem) -> [VenueWay] {
        var ways: [VenueWay] = []
        for venue in config.venues {
            // No domain has a slash in its name, so no two of these are the same.
            let name = config.hasSeveralVenues ? "venue/\(venue.domain)" : "venue"
            let mirror = config.hasSeveralVenues ? name + "/mirror" : name + "-mirror"
            let key = config.hasSeveralVenues ? "venue \(venue.domain): " : "venue."
            var mirrors: [Endpoint] = []
            for (index, url) in venue.mirrors.enumerated() {
                mirrors.append(
                    try endpoint(
                        url, named: "\(mirror)-\(index + 1)", key: "\(key)mirrors[\(index)]"))
            }
            ways.append(
                VenueWay(
                    domain: venue.domain,
                    endpoint: try endpoint(venue.url, named: name, key: key + "url"),
                    mirrors: mirrors, priceFeeds: venue.feeds))
        }
        return ways
    }

    private static func endpoint(
        _ url: String, named name: String, key: String
    ) throws(StartProblem) -> Endpoint {
        do {
            return try Endpoint(name: EndpointName(alreadyChecked: name), baseURL: url)
        } catch {
            throw StartProblem(.configuration, "\(key): \(error)")
        }
    }

    /// What is open at a venue can be asked about only there.
    static func requireVenues(
        ofOpenIntentsIn journal: Journal, _ config: Config
    ) throws(StartProblem) {
        let open: [RecoveredIntent]
        do {
            open = try journal.openIntents()
        } catch {
            throw StartProblem(.badInput, "the journal's open intents: \(error)")
        }
        let domains = open.map(\.intent.plan.target.domain)
        guard let lost = domains.first(where: { config.venue(of: $0) == nil }) else { return }
        throw StartProblem(
            .configuration,
            "\(domains.count { $0 == lost }) intents at '\(lost)' are open, and the configuration "
                + "names no such venue; put it back until they have ended")
    }
}

extension Workplace {
    /// Refuses several venues where only one can be meant.
    package func requireOneVenue(for what: String) throws(StartProblem) {
        guard config.hasSeveralVenues else { return }
        throw StartProblem(
            .configuration,
            "\(what) is about one venue, and the configuration names "
                + "\(config.venues.count): \(config.venueNames); give it a configuration of one")
    }
}
