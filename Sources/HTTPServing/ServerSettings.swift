// Where a server listens and how much it takes from anybody.

package struct ServerSettings: Hashable, Sendable {
    package var address = ListenAddress.loopback
    /// 0: a free port, reported by the server.
    package var port: UInt16 = 0
    package var methods: [HTTPMethod] = [.get, .head]
    /// Names that may stand in the Host header, without port; empty means any. The default keeps
    /// a web page from reaching us under a name of its own (DNS rebinding).
    package var allowedHosts = ["127.0.0.1", "localhost"]
    package var bodyBytesMax = 1 << 20
    package var headersMax = 64
    /// Request line and headers of one request; more is 414 or 431.
    package var headBytesMax = 16 << 10
    package var connectionsMax = 128
    package var connectionsPerAddressMax = 64
    /// From the connection, or from the end of the previous exchange, to a whole request; and from
    /// the response to its last byte.
    package var phaseTimeoutMilliseconds = 30_000

    package init() {}
}

package enum ListenAddress: Hashable, Sendable {
    case loopback
    /// Every interface: for those who put something in front.
    case any

    var number: UInt32 {
        switch self {
        case .loopback: 0x7f00_0001
        case .any: 0
        }
    }
}

package enum ServerProblem: Error, Hashable, Sendable {
    /// The port is taken or not ours to bind.
    case cannotListen(port: UInt16)
}

extension ServerProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotListen(let port):
            "cannot listen on port \(port); is another program using it? Port 0 takes a free one"
        }
    }
}
