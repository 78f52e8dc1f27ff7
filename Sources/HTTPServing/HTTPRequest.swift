// A request that was read whole and passed the door. What the target said is decoded strictly and
// once; the raw text stays beside it, because that is what a signature covers.

package struct HTTPRequest: Hashable, Sendable {
    package let method: HTTPMethod
    package let target: HTTPTarget
    /// In the order of arrival, names in lower case.
    package let headers: [HTTPField]
    package let body: [UInt8]
    /// The other end of the connection; nil where nobody can say.
    package let peer: PeerAddress?

    package var path: String { target.path }

    /// The value of the first header with this name.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name == wanted }?.value
    }
}

package enum HTTPMethod: String, Hashable, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case patch = "PATCH"
    case options = "OPTIONS"
    case trace = "TRACE"
}

package struct HTTPField: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name.lowercased()
        self.value = value
    }
}
