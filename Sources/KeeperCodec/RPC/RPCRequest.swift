/// A call of JSON-RPC 2.0. Its bytes are the same every time, because relays are sent a signature
/// of them.
package struct RPCRequest: Equatable, Sendable {
    package let id: UInt64
    package let method: String
    package let params: [JSONValue]

    package init(id: UInt64, method: String, params: [JSONValue]) {
        self.id = id
        self.method = method
        self.params = params
    }

    package var bytes: [UInt8] { json.canonicalBytes }

    /// Several calls in one body. None, or two of one number, is a bug.
    package static func batch(_ requests: [RPCRequest]) -> [UInt8] {
        precondition(!requests.isEmpty, "A batch has at least one call")
        precondition(
            Set(requests.map(\.id)).count == requests.count, "Answers are told apart by number")
        return JSONValue.array(requests.map(\.json)).canonicalBytes
    }

    private var json: JSONValue {
        .object([
            JSONMember("jsonrpc", .string("2.0")), JSONMember("id", .number(JSONNumber(id))),
            JSONMember("method", .string(method)), JSONMember("params", .array(params)),
        ])
    }
}
