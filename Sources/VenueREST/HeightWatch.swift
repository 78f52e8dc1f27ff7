// Asks every way to a venue for its height, now and then. Long polls speak with one of them only,
// and one that stands still is seen only beside the others.

import KeeperCodec
import KeeperModel
import KeeperTransport

final class HeightWatch {
    private static let interval = TimeSpan.seconds(2)

    private let pool: ReadPool
    private let carrier: any Carrier
    private var timer: TimerID?
    private var open: [EndpointName: RequestID] = [:]

    init(_ pool: ReadPool, carrier: any Carrier) {
        self.pool = pool
        self.carrier = carrier
    }

    func start() {
        for endpoint in pool.endpoints where open[endpoint.name] == nil { ask(endpoint) }
        timer = carrier.after(Self.interval) { [weak self] in self?.start() }
    }

    func stop() {
        if let timer { carrier.cancel(timer) }
        for name in open.keys.sorted() { open[name].map(carrier.cancel) }
    }

    private func ask(_ endpoint: Endpoint) {
        var limits = ExchangeLimits()
        limits.timeoutMilliseconds = 2_000
        // A path without anything that could be wrong with it.
        guard
            let request = try? ReadRequest(
                endpoint, path: FeedChannel.description.path, limits: limits)
        else { return }
        open[endpoint.name] = carrier.start(request) { [weak self] result in
            guard let self else { return }
            open[endpoint.name] = nil
            guard case .success(let reply) = result, reply.status == 200,
                // What cannot be read says no height; the feed itself counts such replies.
                let reading = try? FeedReading.read(.description, after: nil, reply.body)
            else { return }
            pool.note(height: reading.height, of: endpoint)
        }
    }
}
