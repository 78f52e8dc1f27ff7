// What goes back.

package struct HTTPResponse: Hashable, Sendable {
    package let status: Int
    package let headers: [HTTPField]
    package let body: [UInt8]

    package init(status: Int, headers: [HTTPField] = [], body: [UInt8] = []) {
        precondition((200...599).contains(status), "A response has a final status")
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why a request never reached the program behind the server. Nothing has been applied then, and
/// the body of the refusal says so.
package enum HTTPRefusal: String, Error, Hashable, Sendable, CaseIterable {
    case badTarget
    case notFound
    case missingHost
    case twoHosts
    case foreignHost
    case lengthAndEncoding
    case lengthRequired
    case twoLengths
    case bodyTooLarge
    case methodNotAllowed
    case tooManyHeaders

    package var status: Int {
        switch self {
        case .badTarget, .missingHost, .twoHosts, .lengthAndEncoding, .twoLengths: 400
        case .foreignHost: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .lengthRequired: 411
        case .bodyTooLarge: 413
        case .tooManyHeaders: 431
        }
    }

    /// problem+json with the words of the venue's own errors. The connection closes: what follows
    /// on it cannot be trusted to be a request.
    func response(allowing methods: [HTTPMethod]) -> HTTPResponse {
        var headers = [
            HTTPField("Content-Type", "application/problem+json"), HTTPField("Connection", "close"),
        ]
        if self == .methodNotAllowed {
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            headers.append(HTTPField("Allow", allowed))
        }
        let body =
            #"{"code":"\#(rawValue)","outcome":"none","retry":"never","status":\#(status)}"#
        return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }
}
