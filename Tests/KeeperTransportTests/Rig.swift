// What most transport tests need: an endpoint on loopback and one request carried to its end.

import KeeperModel
import KeeperTransport

func loopback(
    _ url: String, _ change: (inout EndpointOptions) -> Void = { _ in }
) throws -> Endpoint {
    var options = EndpointOptions()
    change(&options)
    return try Endpoint(name: EndpointName("venue"), baseURL: url, options: options)
}

func limits(_ change: (inout ExchangeLimits) -> Void) -> ExchangeLimits {
    var limits = ExchangeLimits()
    change(&limits)
    return limits
}

extension Reactor {
    /// Starts and runs the loop until the completion came.
    func finish(_ exchange: some Exchange) -> Result<Reply, TransportError>? {
        var result: Result<Reply, TransportError>?
        start(exchange) { result = $0 }
        run(until: { result != nil })
        return result
    }

    func get(
        _ url: String, limits: ExchangeLimits = ExchangeLimits()
    ) throws -> Result<Reply, TransportError>? {
        finish(try ReadRequest(try loopback(url), path: "/x", limits: limits))
    }
}

extension Result where Success == Reply, Failure == TransportError {
    var error: TransportError? {
        if case .failure(let error) = self { error } else { nil }
    }

    var reply: Reply? {
        if case .success(let reply) = self { reply } else { nil }
    }
}
