// The reference venue over HTTP/1.1 on loopback. One thread: the reactor's. Venue time comes from a
// clock that may be scaled; deadlines of the network and the window of signatures stay real.

package import HTTPServing
import KeeperModel
package import KeeperSigner
package import KeeperTransport
package import VenueSimulator

package struct VenueServerSettings {
    /// 0: a free port, reported by the server.
    package var port: UInt16 = 0
    package var keys = KeyRing()
    /// Whether clients may make this venue fail on purpose.
    package var hasTestSwitches = false
    /// Whether it keeps from which height to which each account could be closed, for its report.
    package var keepsClosableSpans = false
    package var limits = RateLimits()
    /// Of real time, for a poll of a stream that has nothing new.
    package var waitMillisecondsMax: UInt64 = 30_000
    /// A page of a snapshot holds as many accounts as fit.
    package var snapshotPageBytesMax = 8 << 20
    /// Nil: nobody has said when this version ends.
    package var retirement: VenueRetirement?

    package init() {}
}

package final class VenueServer {
    package typealias Clock = ScaledClock<SystemClock>

    package private(set) var venue: ReferenceVenue
    package private(set) var tally = RequestTally()

    let settings: VenueServerSettings
    let settlementSigner: SettlementSigner
    let reactor: Reactor
    var gate: RequestGate
    var buckets: RateBuckets
    var faults = TestFaults()
    var polls = LongPolls()
    var snapshots = HeldSnapshots()

    private let clock: Clock
    private let server: HTTPServer
    private var watch: WatchID?
    private var requestCount: UInt64 = 0
    private var isStopped = false
    private(set) var closableSpans: ClosableSpans?

    static let bodyBytesMax = 64 << 10
    static let apiVersion = "1"

    /// Serves from now on, in the reactor's rounds. Settlements are signed by the given key, or by
    /// one that is drawn now and gone with the process.
    package init(
        venue: ReferenceVenue, clock: Clock, settings: VenueServerSettings, reactor: Reactor,
        settlementKey: SigningKey? = nil
    ) throws(ServerProblem) {
        var http = ServerSettings()
        http.port = settings.port
        // Each path says itself what it takes; the door would list what any of them does.
        http.methods = HTTPMethod.allCases
        http.bodyBytesMax = Self.bodyBytesMax
        server = try HTTPServer(http)
        settlementSigner = SettlementSigner(settlementKey ?? .drawn())
        gate = RequestGate(keys: settings.keys)
        buckets = RateBuckets(settings.limits)
        self.venue = venue
        self.clock = clock
        self.settings = settings
        self.reactor = reactor
        if settings.keepsClosableSpans { closableSpans = ClosableSpans() }
        watch = reactor.watch(server.pollDescriptor, .readable) { [weak self] _ in self?.serve() }
        tick()
        awaitNextHeight()
    }

    package var port: UInt16 { server.port }

    /// Answers whoever waits and serves nobody any more.
    package func stop() {
        guard !isStopped else { return }
        isStopped = true
        if let watch { reactor.unwatch(watch) }
        server.stop()
    }

    var now: Instant { clock.now() }

    func withVenue<Result>(_ change: (inout ReferenceVenue) -> Result) -> Result {
        change(&venue)
    }

    // MARK: Time

    /// The server wants to look at its own deadlines a few times a second.
    private func tick() {
        reactor.after(.milliseconds(250)) { [weak self] in
            guard let self, !isStopped else { return }
            serve()
            snapshots.forget(now: .now())
            tick()
        }
    }

    /// Once the scenario is over, its last height is served for good.
    private func awaitNextHeight() {
        guard !venue.isOver else { return }
        let wait = clock.realSpan(of: venue.nextHeightAt - now)
        reactor.after(wait) { [weak self] in
            guard let self, !isStopped else { return }
            comeUpToDate()
            answerReadyPolls()
            awaitNextHeight()
        }
    }

    /// Height by height, also where several are due at once.
    private func comeUpToDate() {
        let now = now
        while !venue.isOver, venue.nextHeightAt <= now {
            venue.advance(to: venue.nextHeightAt)
            closableSpans?.note(venue)
            // Before anybody hears of the height.
            if faults.crowdCloses > 0 { venue.letCrowdClose(atMost: faults.crowdCloses) }
        }
    }

    // MARK: Requests

    private func serve() {
        guard !isStopped else { return }
        server.runOnce(timeoutMilliseconds: 0) { [weak self] exchange in self?.take(exchange) }
    }

    private func take(_ exchange: HTTPExchange) {
        requestCount += 1
        let visit = Visit(number: requestCount, retirement: settings.retirement)
        let request = exchange.request
        do throws(VenueProblem) {
            let route = try route(of: request)
            switch request.method {
            case .put, .post: try change(route, exchange, visit)
            default: try read(route, exchange, visit)
            }
        } catch {
            exchange.respond(refusal(error, visit))
        }
    }

    private func route(of request: HTTPRequest) throws(VenueProblem) -> VenueRoute {
        let route: VenueRoute
        do throws(VenueProblem) {
            route = try VenueRoute(segments: request.target.segments)
        } catch {
            tally.note(request.method, nil)
            throw error
        }
        tally.note(request.method, route)
        guard route.methods.contains(request.method) else {
            let allowed = route.methods.map(\.rawValue).joined(separator: ", ")
            throw VenueProblem(
                .methodNotAllowed, "takes \(allowed)", headers: [HTTPField("Allow", allowed)])
        }
        return route
    }
}
