import Foundation
import Glibc
import KeeperModel
import KeeperTransport

/// What one client made of so many requests.
struct HTTPFigures {
    let p50Nanoseconds: Double
    let requestsPerSecond: Double
}

/// Clients that ask the same server in turn: ours, a bare socket, and what others would take.
enum HTTPClients {
    /// The keeper's own: libcurl behind the reactor, blocking in its poll.
    static func reactor(
        port: UInt16, sideBySide: Int, count: Int
    ) throws -> HTTPFigures {
        var options = EndpointOptions()
        options.limits.inFlightMax = sideBySide
        let endpoint = try Endpoint(
            name: EndpointName("canned"), baseURL: "http://127.0.0.1:\(port)", options: options)
        let run = ReactorRun(endpoint, count: count + sideBySide)
        return try run.play(sideBySide: sideBySide)
    }

    /// A blocking socket and nothing else.
    static func rawSocket(
        port: UInt16, replyByteCount: Int, count: Int
    ) throws -> HTTPFigures {
        let descriptor = try RawSocket.connected(to: port)
        defer { close(descriptor) }
        let request = Array("GET /tick HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
        var times: [Double] = []
        let begin = monotonicNanoseconds()
        for _ in 0..<count {
            let start = monotonicNanoseconds()
            guard RawSocket.sendAll(request, descriptor) else { throw HTTPProblem.gone }
            var left = replyByteCount
            while left > 0 {
                guard let (bytes, _) = RawSocket.received(descriptor) else {
                    throw HTTPProblem.gone
                }
                left -= bytes.count
            }
            times.append(Double(monotonicNanoseconds() - start))
        }
        let spent = Double(monotonicNanoseconds() - begin)
        return HTTPFigures(
            p50Nanoseconds: times.median, requestsPerSecond: Double(count) / spent * 1e9)
    }

    /// wrk has no count of requests, only a time.
    static func wrk(port: UInt16, sideBySide: Int) -> HTTPFigures? {
        let words = [
            "wrk", "-t1", "-c\(sideBySide)", "-d1s", "--latency", "http://127.0.0.1:\(port)/tick",
        ]
        guard let text = Peer.text(of: words) else { return nil }
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        guard let half = lines.first(where: { $0.first == "50%" })?.dropFirst().first,
            let nanoseconds = self.nanoseconds(String(half)),
            let rate = lines.first(where: { $0.first == "Requests/sec:" })?.dropFirst().first
                .flatMap({ Double($0) })
        else { return nil }
        return HTTPFigures(p50Nanoseconds: nanoseconds, requestsPerSecond: rate)
    }

    /// As wrk writes spans: `62.00us`, `1.05ms`.
    private static func nanoseconds(_ text: String) -> Double? {
        for (unit, factor) in [("us", 1e3), ("ms", 1e6), ("s", 1e9)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * factor }
        }
        return nil
    }
}

enum HTTPProblem: Error {
    case gone
    case failed(TransportError)
}

private final class ReactorRun {
    private let endpoint: Endpoint
    private let reactor = Reactor()
    private var left: Int
    private var open = 0
    private var times: [Double] = []
    private var failure: TransportError?

    init(_ endpoint: Endpoint, count: Int) {
        self.endpoint = endpoint
        left = count
    }

    func play(sideBySide: Int) throws -> HTTPFigures {
        let begin = monotonicNanoseconds()
        for _ in 0..<sideBySide { try ask() }
        while open > 0, failure == nil { reactor.runOnce() }
        if let failure { throw HTTPProblem.failed(failure) }
        let spent = Double(monotonicNanoseconds() - begin)
        // The first of each connection also opens it.
        let warm = Array(times.dropFirst(sideBySide))
        return HTTPFigures(
            p50Nanoseconds: warm.median, requestsPerSecond: Double(times.count) / spent * 1e9)
    }

    private func ask() throws {
        guard left > 0 else { return }
        left -= 1
        open += 1
        let request = try ReadRequest(endpoint, path: "/tick")
        let start = monotonicNanoseconds()
        reactor.start(request) { [weak self] result in
            guard let self else { return }
            open -= 1
            times.append(Double(monotonicNanoseconds() - start))
            switch result {
            case .success:
                // The request was written once already, so it can be written again.
                do { try ask() } catch { left = 0 }
            case .failure(let error): failure = error
            }
        }
    }
}
