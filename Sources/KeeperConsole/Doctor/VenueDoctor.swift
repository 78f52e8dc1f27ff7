import KeeperCodec
import KeeperCommands
package import KeeperModel
package import KeeperRuntime
import KeeperTransport

/// Asks the venue what time it is: whether it can be reached, and how far the clocks are apart.
package enum VenueDoctor {
    /// A venue takes a signed request only within a window around its own time.
    private static let skewMax = TimeSpan.seconds(5)
    private static let skewWanted = TimeSpan.milliseconds(500)

    /// Every venue, each by its name where there are several.
    package static func findings(_ config: Config) -> [Finding] {
        guard config.hasSeveralVenues else { return findings(at: config.venue.url) }
        return config.venues.flatMap { venue in
            findings(at: venue.url).map { $0.about("\($0.subject) \(venue.domain)") }
        }
    }

    private static func findings(at url: String) -> [Finding] {
        do {
            let endpoint = try Endpoint(name: EndpointName("venue"), baseURL: url)
            let request = try ReadRequest(endpoint, path: "/v1/time")
            let reactor = Reactor()
            var outcome: Result<Reply, TransportError>?
            reactor.start(request) { outcome = $0 }
            reactor.run { outcome != nil }
            guard let reply = try outcome?.get() else { return [] }
            return findings(
                status: reply.status, body: reply.body, askedAt: reply.times.startedAt,
                answeredAt: reply.times.finishedAt)
        } catch let problem as EndpointProblem {
            return [.bad("venue", "venue.url \(problem)", .configuration)]
        } catch {
            return [
                .bad("venue", "cannot be reached: \(error); is venue.url right?", .unavailable)
            ]
        }
    }

    package static func findings(
        status: Int, body: [UInt8], askedAt: Instant, answeredAt: Instant
    ) -> [Finding] {
        let trip = "answers in \((answeredAt - askedAt).milliseconds) ms"
        guard status == 200 else {
            return [.bad("venue", "answers with status \(status) to /v1/time", .unavailable)]
        }
        // Any other content is no venue's, whatever is wrong with it.
        guard let value = try? JSONValue.parse(body),
            case .string(let text) = value["serverTime"], let nanoseconds = Int64(text)
        else {
            return [
                .good("venue", trip),
                .warning("clock", "the venue does not say what time it is there"),
            ]
        }
        return [
            .good("venue", trip),
            clock(Instant(nanoseconds: nanoseconds), askedAt, answeredAt),
        ]
    }

    /// The venue read its clock between our request and its reply; what lies outside is skew.
    private static func clock(
        _ theirs: Instant, _ askedAt: Instant, _ answeredAt: Instant
    ) -> Finding {
        let skew = max(askedAt - theirs, theirs - answeredAt, .zero)
        let side = theirs < askedAt ? "ahead of" : "behind"
        let text =
            skew == .zero
            ? "agrees with the venue's" : "\(skew.milliseconds) ms \(side) the venue's"
        if skew > skewMax {
            return .bad("clock", text + "; set this machine's clock by NTP", .unavailable)
        }
        return skew > skewWanted ? .warning("clock", text) : .good("clock", text)
    }
}
