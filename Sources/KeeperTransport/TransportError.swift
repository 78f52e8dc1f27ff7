// Why there is no reply, and the one thing a sender must know: can the other side have the request?

package struct TransportError: Error, Hashable, Sendable {
    package let kind: Kind
    package let endpoint: EndpointName
    /// False only when it is certain that no byte of the request left. True makes the outcome of a
    /// write unknown, never failed.
    package let mayHaveBeenSent: Bool
    /// libcurl's number, or 0 where the refusal is ours.
    package let curlCode: Int

    /// A closed set, used as a metric label.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case unresolvedName
        /// The name points where this endpoint may not go.
        case forbiddenAddress
        case refusedConnection
        case connectTimedOut
        case tls
        /// Our own deadline passed.
        case timedOut
        case tooSlow
        case reset
        /// Fewer bytes than announced.
        case cutShort
        case tooLarge
        case tooManyHeaderBytes
        case badStatusLine
        /// Compressed without being asked, or damaged.
        case badEncoding
        case cancelled
        /// Too many requests already wait for this endpoint.
        case lineFull
        case other
    }
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        let sent = mayHaveBeenSent ? "the request may have been sent" : "nothing was sent"
        let code = curlCode == 0 ? "" : " (libcurl \(curlCode))"
        return "\(endpoint.text): \(kind.rawValue)\(code), \(sent)"
    }
}
