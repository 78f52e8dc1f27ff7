import Foundation

/// The keeper's way over HTTP beside those that others would take, against one server that answers
/// at once, a round each in turn.
func runHTTPBench(rounds: Int) throws -> [BenchResult] {
    let server = try CannedServer()
    defer { server.stop() }
    var bench = HTTPBench(server)
    for _ in 0..<rounds { try bench.playRound() }
    return bench.results
}

private struct HTTPBench {
    private static let aloneCount = 2_000
    private static let crowd = 64
    private static let crowdCount = 20_000

    private let server: CannedServer
    private let peers: [(name: String, peer: Peer, count: Int)]
    private var alone: [String: [Double]] = [:]
    private var crowded: [String: [Double]] = [:]

    init(_ server: CannedServer) {
        self.server = server
        peers = [
            ("aiohttp", .http("http_client.py", needing: "aiohttp"), 4_000),
            ("Node's http.Agent", .node("http_client.js"), 8_000),
            ("URLSession", .swift("http_client"), 1_280),
        ]
    }

    mutating func playRound() throws {
        let raw = try HTTPClients.rawSocket(
            port: server.port, replyByteCount: server.replyByteCount, count: Self.aloneCount)
        alone["raw socket", default: []].append(raw.p50Nanoseconds)
        let own = try HTTPClients.reactor(
            port: server.port, sideBySide: 1, count: Self.aloneCount)
        alone["ours", default: []].append(own.p50Nanoseconds)
        let many = try HTTPClients.reactor(
            port: server.port, sideBySide: Self.crowd, count: Self.crowdCount)
        crowded["ours", default: []].append(many.requestsPerSecond)
        if let wrk = HTTPClients.wrk(port: server.port, sideBySide: 1),
            let crowd = HTTPClients.wrk(port: server.port, sideBySide: Self.crowd)
        {
            alone["wrk", default: []].append(wrk.p50Nanoseconds)
            crowded["wrk", default: []].append(crowd.requestsPerSecond)
        }
        for (name, peer, count) in peers {
            guard let one = peer.ask("\(server.port) 1 \(min(count, Self.aloneCount))"),
                let crowd = peer.ask("\(server.port) \(Self.crowd) \(count)")
            else { continue }
            alone[name, default: []].append(one.nanoseconds)
            crowded[name, default: []].append(Double(crowd.count))
        }
    }

    var results: [BenchResult] {
        figures + absent
            + [
                goal("one at a time, beside a raw socket", alone, "raw socket", atMost: 1.25),
                goal("64 at once, beside wrk", crowded, "wrk", atLeast: 0.65),
                goal("64 at once, beside aiohttp", crowded, "aiohttp", atLeast: 4),
                goal("64 at once, beside Node", crowded, "Node's http.Agent", atLeast: 2),
                goal("one at a time, beside URLSession", alone, "URLSession", atMost: 0.3),
            ].compactMap(\.self)
    }

    private var figures: [BenchResult] {
        let names = ["ours", "raw socket", "wrk"] + peers.map(\.name)
        return names.flatMap { name -> [BenchResult] in
            var results: [BenchResult] = []
            if let times = alone[name] {
                results.append(
                    .info(
                        "HTTP one at a time, \(name), p50", times.median / 1e3, "us",
                        rounds: times.count, note: "blocking"))
            }
            if let rates = crowded[name] {
                results.append(
                    .info(
                        "HTTP \(Self.crowd) at once, \(name)", rates.median, "requests a second",
                        rounds: rates.count))
            }
            return results
        }
    }

    private var absent: [BenchResult] {
        let wrk: [BenchResult] =
            alone["wrk"] == nil ? [.text("skipped, wrk", "wrk is not installed")] : []
        return wrk + peers.compactMap { $0.peer.skipped($0.name) }
    }

    private func goal(
        _ name: String, _ figures: [String: [Double]], _ other: String, atMost target: Double
    ) -> BenchResult? {
        ratio(figures, other).map {
            .goal("G11", name, $0.median, atMost: target, "times", rounds: $0.count)
        }
    }

    private func goal(
        _ name: String, _ figures: [String: [Double]], _ other: String, atLeast target: Double
    ) -> BenchResult? {
        ratio(figures, other).map {
            .goal("G11", name, $0.median, atLeast: target, "times", rounds: $0.count)
        }
    }

    /// Ours beside another's, round by round; nil where one of the two is not there.
    private func ratio(_ figures: [String: [Double]], _ other: String) -> [Double]? {
        guard let own = figures["ours"], let others = figures[other] else { return nil }
        return zip(own, others).map { $0 / $1 }
    }
}
