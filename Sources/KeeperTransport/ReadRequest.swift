// What this room can ask for: a GET, and nothing else. There is no method to choose and no body to
// attach; the words POST and PUT exist only in KeeperWriteDoor.

import CCurl

package struct QueryItem: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

package struct ReadRequest: Exchange {
    package let head: RequestHead
    package let mayBeRepeated = true

    package init(
        _ endpoint: Endpoint, path: String, query: [QueryItem] = [], headers: [HeaderField] = [],
        limits: ExchangeLimits = ExchangeLimits()
    ) throws(RequestProblem) {
        head = try RequestHead(
            endpoint, path: path, query: query, headers: headers, limits: limits)
    }

    package func setMethod(on handle: CurlHandle) {
        handle.set(CURLOPT_HTTPGET, 1)
    }
}
