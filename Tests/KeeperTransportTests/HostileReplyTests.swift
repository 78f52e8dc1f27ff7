import Glibc
import KeeperModel
import KeeperTransport
import Testing

/// Each server here misbehaves in one way. Whatever it does, the request ends by itself, with the
/// right word, within its bounds, and as "may have been sent".
@Suite struct HostileReplyTests {
    @Test func `a server that never answers meets the deadline`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.waitForEnd()
        }
        let start = MonotonicTime.now()
        let error = try Reactor().get(server.url, limits: limits { $0.timeoutMilliseconds = 150 })?
            .error
        #expect(error?.kind == .timedOut)
        #expect(error?.mayHaveBeenSent == true)
        #expect((.now() - start).milliseconds >= 150)
    }

    @Test func `a server that drips is given up before the deadline`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.send([0x61]) { pause(milliseconds: 200) }
        }
        let error = try Reactor().get(
            server.url,
            limits: limits {
                $0.timeoutMilliseconds = 20_000
                $0.lowSpeed = .init(bytesPerSecond: 100, seconds: 1)
            })?.error
        #expect(error?.kind == .tooSlow)
        #expect(error?.mayHaveBeenSent == true)
    }

    @Test(arguments: BrokenReply.all)
    func `a broken reply is an error, never data`(broken: BrokenReply) throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send(broken.text)
        }
        let bounds = limits {
            $0.replyBytesMax = 4_096
            $0.headerBytesMax = 1_024
        }
        let error = try Reactor().get(server.url, limits: bounds)?.error
        #expect(error?.kind == broken.kind)
        #expect(error?.mayHaveBeenSent == true)
    }

    @Test func `a reset is told apart from an end`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.reset()
        }
        #expect(try Reactor().get(server.url)?.error?.kind == .reset)
    }

    @Test func `headers that never end are cut off`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send(Array("x: y\r\n".utf8)) {}
        }
        #expect(try Reactor().get(server.url)?.error?.kind == .tooManyHeaderBytes)
    }

    @Test func `a body that never ends is cut off`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send([UInt8](repeating: 0, count: 65_536)) {}
        }
        #expect(try Reactor().get(server.url)?.error?.kind == .tooLarge)
    }

    /// A megabyte of zeros fits in about a kilobyte of gzip: the bound holds after inflation.
    @Test func `a gzip bomb goes off at the bound`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
            connection.send(gzipBomb)
        }
        let small = limits {
            $0.replyBytesMax = 65_536
            $0.acceptsGzip = true
        }
        #expect(try Reactor().get(server.url, limits: small)?.error?.kind == .tooLarge)
        let large = limits { $0.acceptsGzip = true }
        let reply = try #require(try Reactor().get(server.url, limits: large)?.reply)
        #expect(reply.body == [UInt8](repeating: 0, count: 1 << 20))
    }

    @Test func `damaged gzip is an error`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip at all")
        }
        let error = try Reactor().get(server.url, limits: limits { $0.acceptsGzip = true })?.error
        #expect(error?.kind == .badEncoding)
    }

    @Test func `a refused connection has sent nothing`() throws {
        let server = try ScriptedServer { _, _ in }
        server.stop()
        let error = try Reactor().get(server.url)?.error
        #expect(error?.kind == .refusedConnection)
        #expect(error?.mayHaveBeenSent == false)
        #expect(
            error?.description == "venue: refusedConnection (libcurl 7), nothing was sent")
    }

    /// The first exchange leaves a connection open; then the server takes the second request, says
    /// nothing, closes everything and refuses libcurl's own second try. "Refused" is what libcurl
    /// reports, yet a request did leave.
    @Test func `a refusal after a lost connection may have been sent`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.reply("first")
            connection.readHead()
        }
        let reactor = Reactor()
        #expect(try reactor.get(server.url)?.reply?.status == 200)
        server.stop()
        let error = try reactor.get(server.url)?.error
        #expect(error?.mayHaveBeenSent == true)
    }

    /// The connection dies with the second request on it. A read is asked again on a new one; what
    /// must not leave twice ends instead, and may have been sent.
    @Test(arguments: [true, false])
    func `only a read is sent again by itself`(mayBeRepeated: Bool) throws {
        let server = try ScriptedServer { connection, number in
            connection.readHead()
            connection.reply("answer")
            if number == 1 { connection.readHead() }
        }
        let reactor = Reactor()
        #expect(try reactor.get(server.url)?.reply?.status == 200)
        let head = try RequestHead(try loopback(server.url), path: "/y")
        let result = reactor.finish(Delicate(head: head, mayBeRepeated: mayBeRepeated))
        if mayBeRepeated {
            #expect(result?.reply?.status == 200)
            #expect(server.connectionCount == 2)
        } else {
            #expect(result?.error?.kind == .reset)
            #expect(result?.error?.mayHaveBeenSent == true)
        }
    }

    @Test func `a plain answer to a TLS greeting is a TLS error and nothing was sent`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
        }
        let error = try Reactor().get("https://127.0.0.1:\(server.port)")?.error
        #expect(error?.kind == .tls)
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test func `an address outside the endpoint's reach is never dialled`() throws {
        let server = try ScriptedServer { _, _ in }
        let endpoint = try loopback("https://127.0.0.1:\(server.port)") {
            $0.reach = .publicInternet
        }
        let error = Reactor().finish(try ReadRequest(endpoint, path: "/"))?.error
        #expect(error?.kind == .forbiddenAddress)
        #expect(error?.mayHaveBeenSent == false)
        #expect(server.connectionCount == 0)
    }
}

private func pause(milliseconds: UInt32) {
    usleep(milliseconds * 1_000)
}

/// A mebibyte of zeros, deflated: one long repetition between a head and a trailer.
private let gzipBomb: [UInt8] =
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xed, 0xc1, 0x31, 1, 0, 0, 0, 0xc2, 0xa0, 0xf5, 0x4f]
    + [0x6d, 8, 0x5f, 0xa0] + [UInt8](repeating: 0, count: 1_016)
    + [0x3e, 3, 0x1c, 0xea, 0x38, 0xa7, 0, 0, 0x10, 0]

/// A request that decides for itself whether it may leave twice.
struct Delicate: Exchange {
    let head: RequestHead
    let mayBeRepeated: Bool

    func setMethod(on handle: CurlHandle) {}
}

struct BrokenReply: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: TransportError.Kind
    let text: String

    init(_ name: String, _ kind: TransportError.Kind, _ text: String) {
        testDescription = name
        self.kind = kind
        self.text = text
    }

    static let all = [
        BrokenReply("no bytes", .reset, ""),
        BrokenReply("short body", .cutShort, ok("Content-Length: 10\r\n", "abc")),
        BrokenReply("short chunk", .cutShort, ok("Transfer-Encoding: chunked\r\n", "5\r\nab")),
        BrokenReply("another protocol", .badStatusLine, "SSH-2.0-OpenSSH_9.2\r\n"),
        BrokenReply("no status line", .badStatusLine, "<html>hello</html>"),
        BrokenReply("unknown version", .badStatusLine, "HTTP/9.9 200 OK\r\n\r\n"),
        BrokenReply("announced too large", .tooLarge, ok("Content-Length: 4097\r\n", "")),
        BrokenReply("too large", .tooLarge, ok("", String(repeating: "x", count: 5_000))),
        BrokenReply(
            "compressed unasked", .badEncoding,
            ok("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "ab")),
        BrokenReply(
            "one huge header", .tooManyHeaderBytes,
            ok("X: \(String(repeating: "x", count: 2_000))\r\n", "")),
        BrokenReply(
            "many headers", .tooManyHeaderBytes, ok(String(repeating: "a: b\r\n", count: 500), "")),
    ]

    private static func ok(_ headers: String, _ body: String) -> String {
        "HTTP/1.1 200 OK\r\n\(headers)\r\n\(body)"
    }
}
