// A server that may be asked: a name for logs and metrics, an origin that was checked once, and the
// bounds that hold for everything sent there.

import KeeperModel

/// What logs and metrics call an endpoint; its URL may carry a token and is never printed.
package struct EndpointName: TextIdentifier {
    package let text: String
    package init(alreadyChecked text: String) { self.text = text }
}

package struct Endpoint: Hashable, Sendable {
    package let name: EndpointName
    /// `scheme://host:port`, as libcurl's own parser understood it.
    let origin: String
    /// What stands before every request's path: empty, or `/x/y` without a slash at the end.
    let basePath: String
    let isEncrypted: Bool
    package let reach: Reach
    package let limits: EndpointLimits
    let tls: TLSOptions

    package init(
        name: EndpointName, baseURL: String, options: EndpointOptions = EndpointOptions()
    ) throws(EndpointProblem) {
        let parts = try URLParts(parsing: baseURL)
        let reach = options.reach ?? (parts.namesLoopback ? .loopback : .publicInternet)
        guard parts.isEncrypted || reach == .loopback || options.allowsPlainHTTP else {
            throw .plainHTTP
        }
        self.name = name
        self.reach = reach
        origin = parts.origin
        basePath = parts.basePath
        isEncrypted = parts.isEncrypted
        limits = options.limits
        tls = options.tls
    }

    /// Two with the same one are the same place.
    package var address: String { origin + basePath }
}

extension Endpoint: CustomStringConvertible {
    package var description: String { name.text }
}

package struct EndpointOptions: Sendable {
    /// Nil: loopback for a literal loopback host, the public internet otherwise.
    package var reach: Reach?
    /// Plain HTTP beyond loopback, for those who run their own tunnel.
    package var allowsPlainHTTP = false
    package var limits = EndpointLimits()
    package var tls = TLSOptions()

    package init() {}
}

package struct EndpointLimits: Hashable, Sendable {
    /// Requests on the wire at once; more wait in line.
    package var inFlightMax = 16
    /// Long polls at once, each on a connection of its own.
    package var longPollsMax = 96
    /// Requests in line; more are refused at once.
    package var waitingMax = 256
    package var connectTimeoutMilliseconds = 2_000

    package init() {}
}

package struct TLSOptions: Hashable, Sendable {
    /// PEM file of the authorities to trust instead of the system's.
    package var authoritiesFile: String?
    /// `sha256//…` of the server's public key.
    package var pinnedPublicKey: String?
    package var clientCertificateFile: String?
    package var clientKeyFile: String?

    package init() {}
}

package enum EndpointProblem: Error, Hashable, Sendable {
    case notAURL
    case scheme(String)
    case userInfo
    case queryOrFragment
    /// `http://` beyond loopback without the option that allows it.
    case plainHTTP
}

extension EndpointProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAURL: "is not a URL of the form https://host[:port][/path]"
        case .scheme(let scheme): "has the scheme '\(scheme)'; only https and http are spoken"
        case .userInfo: "has a user name or password inside; send a header instead"
        case .queryOrFragment:
            "has a query or fragment; only scheme, host, port and path belong here"
        case .plainHTTP: "is plain http beyond loopback; use https, or allow plain http explicitly"
        }
    }
}
