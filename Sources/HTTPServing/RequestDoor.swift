// The checks between a parsed head and the program: whatever two readers could understand in two
// ways is refused here.

struct RequestDoor {
    let methods: [HTTPMethod]
    let headersMax: Int
    /// The server is stopping: nothing new comes in.
    var isClosed = false
    private let allowedHosts: [String]
    private let bodyBytesMax: Int

    struct Head {
        let method: HTTPMethod
        let target: HTTPTarget
        let headers: [HTTPField]

        func request(body: [UInt8], from peer: PeerAddress?) -> HTTPRequest {
            HTTPRequest(
                method: method, target: target, headers: headers, body: body, peer: peer)
        }
    }

    init(_ settings: ServerSettings) {
        methods = settings.methods
        headersMax = settings.headersMax
        allowedHosts = settings.allowedHosts
        bodyBytesMax = settings.bodyBytesMax
    }

    func examine(
        method: String, rawTarget: String, headers: [HTTPField]
    ) throws(HTTPRefusal) -> Head {
        guard headers.count <= headersMax else { throw .tooManyHeaders }
        try checkHost(headers)
        try checkLength(headers)
        guard let method = HTTPMethod(rawValue: method), methods.contains(method) else {
            throw .methodNotAllowed
        }
        return Head(method: method, target: try HTTPTarget(raw: rawTarget), headers: headers)
    }

    private func checkHost(_ headers: [HTTPField]) throws(HTTPRefusal) {
        let hosts = headers.filter { $0.name == "host" }
        guard let host = hosts.first?.value else { throw .missingHost }
        guard hosts.count == 1 else { throw .twoHosts }
        let name = host.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        guard allowedHosts.isEmpty || allowedHosts.contains(name.lowercased()) else {
            throw .foreignHost
        }
    }

    private func checkLength(_ headers: [HTTPField]) throws(HTTPRefusal) {
        let lengths = headers.filter { $0.name == "content-length" }
        let isEncoded = headers.contains { $0.name == "transfer-encoding" }
        guard !isEncoded || lengths.isEmpty else { throw .lengthAndEncoding }
        guard !isEncoded else { throw .lengthRequired }
        guard lengths.count <= 1 else { throw .twoLengths }
        guard let length = lengths.first?.value else { return }
        // Digits too many for an Int are too many bytes as well.
        guard let bytes = Int(length), bytes <= bodyBytesMax else { throw .bodyTooLarge }
    }
}
