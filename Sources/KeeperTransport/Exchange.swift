// What the reactor can carry out: a head that every request has, and one step that sets method and
// body on a handle that is already hardened. ReadRequest is here; WriteRequest lives behind its own
// door, in a room that a program without keys does not link.

package protocol Exchange: Sendable {
    var head: RequestHead { get }
    /// Whether the bytes may leave a second time within one exchange. libcurl does that by itself
    /// when a kept connection turns out to be dead; a write must rather end as unknown.
    var mayBeRepeated: Bool { get }
    func setMethod(on handle: CurlHandle)
}

/// Where a request goes and what bounds it: everything but method and body.
package struct RequestHead: Hashable, Sendable {
    package let endpoint: Endpoint
    /// Path and query as they go on the wire, the endpoint's base path included: what is signed.
    package let target: String
    package let headers: [HeaderField]
    package let limits: ExchangeLimits

    package init(
        _ endpoint: Endpoint, path: String, query: [QueryItem] = [], headers: [HeaderField] = [],
        limits: ExchangeLimits = ExchangeLimits()
    ) throws(RequestProblem) {
        try RequestText.check(path: path)
        for header in headers { try RequestText.check(header) }
        try limits.check()
        let pairs = query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
        let question = pairs.isEmpty ? "" : "?"
        self.endpoint = endpoint
        self.headers = headers
        self.limits = limits
        target = endpoint.basePath + path + question + pairs.joined(separator: "&")
    }

    var url: String { endpoint.origin + target }
}

/// What one exchange may cost.
package struct ExchangeLimits: Hashable, Sendable {
    /// From `start` to the last byte, waiting in line included.
    package var timeoutMilliseconds = 5_000
    /// Before and after decompression.
    package var replyBytesMax = 8 << 20
    package var headerBytesMax = 32 << 10
    /// Give up on a reply that trickles; nil for long polls, which are silent by design.
    package var lowSpeed: LowSpeed? = LowSpeed(bytesPerSecond: 100, seconds: 3)
    var isLongPoll: Bool { lowSpeed == nil }
    /// Without this a compressed reply is an error, not a surprise.
    package var acceptsGzip = false

    package init() {}

    package struct LowSpeed: Hashable, Sendable {
        package let bytesPerSecond: Int
        package let seconds: Int

        package init(bytesPerSecond: Int, seconds: Int) {
            self.bytesPerSecond = bytesPerSecond
            self.seconds = seconds
        }
    }

    func check() throws(RequestProblem) {
        guard (1...3_600_000).contains(timeoutMilliseconds) else {
            throw .limits("timeoutMilliseconds is between 1 and 3600000")
        }
        guard (0...(1 << 30)).contains(replyBytesMax) else {
            throw .limits("replyBytesMax is at most 1 GiB")
        }
        guard (256...(1 << 20)).contains(headerBytesMax) else {
            throw .limits("headerBytesMax is between 256 bytes and 1 MiB")
        }
        guard let lowSpeed else { return }
        guard lowSpeed.bytesPerSecond > 0, lowSpeed.seconds > 0 else {
            throw .limits("a low speed is at least one byte in one second")
        }
    }
}
