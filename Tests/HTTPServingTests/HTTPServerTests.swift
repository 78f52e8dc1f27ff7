import Foundation
import Glibc
import HTTPServing
import Synchronization
import Testing

@Suite struct HTTPServerTests {
    /// Answers with what it understood.
    private static func echo(_ exchange: HTTPExchange) {
        let request = exchange.request
        let query = request.target.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        let body = String(decoding: request.body, as: UTF8.self)
        let text = "\(request.method.rawValue)|\(request.path)|\(query)|\(body)"
        exchange.respond(
            HTTPResponse(
                status: 200, headers: [HTTPField("X-Raw", request.target.rawPath)],
                body: Array(text.utf8)))
    }

    private static func server(
        _ change: (inout ServerSettings) -> Void = { _ in }
    ) throws -> RunningServer {
        var settings = ServerSettings()
        settings.methods = [.get, .head, .post, .put]
        settings.bodyBytesMax = 1_000
        change(&settings)
        return try RunningServer(settings) { echo($0) }
    }

    @Test func `a request arrives as it was sent`() throws {
        let client = try Self.server().connect()
        client.send("GET /a%20b/%C3%BC?after=7&q=a%26b+c&flag HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let response = client.readResponse()
        #expect(response.status == 200)
        #expect(response.contains("x-raw: /a%20b/%C3%BC\r\n"))
        #expect(response.payload == "GET|/a b/ü|after=7;q=a&b+c;flag=|")
    }

    @Test func `a connection serves requests one after the other, bodies included`() throws {
        let client = try Self.server().connect()
        for number in 1...3 {
            client.send(
                "PUT /x HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Length: 5\r\n\r\nbody\(number)")
            #expect(client.readResponse().payload == "PUT|/x||body\(number)")
        }
        client.send(
            "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.readResponse().payload == "GET|/1||")
        #expect(client.readResponse().payload == "GET|/2||")
    }

    @Test func `a body may come in pieces`() throws {
        let client = try Self.server().connect()
        client.send("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nabc")
        usleep(50_000)
        client.send("def")
        #expect(client.readResponse().payload == "POST|/x||abcdef")
    }

    @Test func `HEAD has headers and no body`() throws {
        let response = try Self.server().exchange(
            "HEAD /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        #expect(response.status == 200)
        #expect(response.payload.isEmpty)
    }

    @Test(arguments: BadRequest.all)
    func `a bad request is refused before the program sees it`(bad: BadRequest) throws {
        let response = try Self.server().exchange(bad.text)
        #expect(response.status == bad.status)
        if let code = bad.code {
            #expect(response.payload.contains(#""code":"\#(code)","outcome":"none""#))
            #expect(response.contains("close\r\n"))
        }
    }

    @Test func `an unknown method is told which ones there are`() throws {
        let response = try Self.server().exchange("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(response.status == 405)
        #expect(response.lowercased().contains("allow: get, head, post, put\r\n"))
    }

    /// Byte by byte resets every idle timer there is; only the phase's own deadline ends it.
    @Test func `a head that drips is cut off`() throws {
        let server = try Self.server { $0.phaseTimeoutMilliseconds = 300 }
        let client = server.connect()
        let start = Date()
        var sent = 0
        while sent < 500, client.send("G") {
            sent += 1
            usleep(20_000)
        }
        #expect(sent < 500)
        #expect(Date().timeIntervalSince(start) < 5)
    }

    @Test func `a body that never comes is cut off`() throws {
        let server = try Self.server { $0.phaseTimeoutMilliseconds = 300 }
        let response = server.exchange(
            "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab")
        #expect(response.status == nil)
    }

    @Test func `more connections than allowed are turned away`() throws {
        let server = try Self.server { $0.connectionsPerAddressMax = 2 }
        let clients = (1...3).map { _ in server.connect() }
        let answers = clients.map { client in
            client.setTimeout(milliseconds: 500)
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return client.readResponse().status
        }
        #expect(answers == [200, 200, nil])
    }

    @Test func `a port that is taken is an error with advice`() throws {
        let server = try Self.server()
        #expect(throws: ServerProblem.cannotListen(port: server.port)) {
            try Self.server { $0.port = server.port }
        }
    }

    /// All on one thread: the answer is kept, other requests pass, then it is given.
    @Test func `a long poll sleeps until it is answered`() throws {
        let server = try HTTPServer()
        var kept: [HTTPExchange] = []
        let answer = { (exchange: HTTPExchange) in
            if exchange.request.path == "/wait" {
                kept.append(exchange)
            } else {
                exchange.respond(HTTPResponse(status: 204))
            }
        }
        let poller = RawClient(port: server.port)
        poller.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while kept.isEmpty { server.runOnce(timeoutMilliseconds: 100, answer) }
        let other = RawClient(port: server.port)
        other.setTimeout(milliseconds: 20)
        other.send("GET /now HTTP/1.1\r\nHost: localhost\r\n\r\n")
        var response = ""
        while response.isEmpty {
            server.runOnce(timeoutMilliseconds: 20, answer)
            response = other.readResponse()
        }
        #expect(response.status == 204)
        #expect(kept.first?.isOpen == true)
        kept.first?.respond(HTTPResponse(status: 200, body: Array("late".utf8)))
        #expect(kept.first?.isOpen == false)
        var entry = pollfd(fd: server.pollDescriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 0) == 1)
        server.runOnce(timeoutMilliseconds: 100, answer)
        #expect(poller.readResponse().payload == "late")
    }

    @Test func `stopping with sleepers ends them and answers after that go nowhere`() throws {
        let server = try HTTPServer()
        var kept: HTTPExchange?
        let poller = RawClient(port: server.port)
        poller.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while kept == nil { server.runOnce(timeoutMilliseconds: 100) { kept = $0 } }
        server.stop()
        #expect(kept?.isOpen == false)
        kept?.respond(HTTPResponse(status: 200))
        #expect(poller.readResponse().status == 503)
    }
}

struct BadRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int
    let code: String?
    let text: String

    init(_ name: String, _ status: Int, _ code: HTTPRefusal?, _ text: String) {
        testDescription = name
        self.status = status
        self.code = code?.rawValue
        self.text = text
    }

    static let all = [
        BadRequest("no host", 400, nil, get("/", "X: y\r\n", host: nil)),
        BadRequest("no host, old version", 400, .missingHost, "GET / HTTP/1.0\r\n\r\n"),
        BadRequest("two hosts", 400, .twoHosts, get("/", "Host: other\r\n")),
        BadRequest("foreign host", 403, .foreignHost, get("/", "", host: "evil.example")),
        BadRequest(
            "length and encoding", 400, .lengthAndEncoding,
            get("/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
        BadRequest("chunked", 411, .lengthRequired, get("/", "Transfer-Encoding: chunked\r\n")),
        BadRequest(
            "two lengths", 400, .twoLengths,
            get("/", "Content-Length: 1\r\nContent-Length: 1\r\n")),
        BadRequest("body too large", 413, .bodyTooLarge, get("/", "Content-Length: 1001\r\n")),
        BadRequest(
            "length beyond numbers", 413, nil,
            get("/", "Content-Length: 99999999999999999999999\r\n")),
        BadRequest("negative length", 400, nil, get("/", "Content-Length: -1\r\n")),
        BadRequest("climbing", 404, .notFound, get("/a/../b", "")),
        BadRequest("climbing, escaped", 404, .notFound, get("/a/%2e%2E/b", "")),
        BadRequest("NUL", 404, .notFound, get("/a%00b", "")),
        BadRequest("bad escape", 400, .badTarget, get("/%zz", "")),
        BadRequest("short escape", 400, .badTarget, get("/%4", "")),
        BadRequest("not UTF-8", 400, .badTarget, get("/%ff", "")),
        BadRequest("absolute target", 400, .badTarget, get("http://localhost/", "")),
        BadRequest("twice the same name", 400, .badTarget, get("/?a=1&a=2", "")),
        BadRequest("no name", 400, .badTarget, get("/?=1", "")),
        BadRequest("unknown method", 405, .methodNotAllowed, get("/", "", method: "DELETE")),
        BadRequest("long target", 414, nil, get("/" + String(repeating: "x", count: 20_000), "")),
        BadRequest(
            "long header", 431, nil, get("/", "X: \(String(repeating: "x", count: 20_000))\r\n")),
        BadRequest(
            "many headers", 431, .tooManyHeaders, get("/", String(repeating: "A: b\r\n", count: 70))
        ),
    ]

    private static func get(
        _ target: String, _ headers: String, host: String? = "localhost", method: String = "GET"
    ) -> String {
        let host = host.map { "Host: \($0)\r\n" } ?? ""
        return "\(method) \(target) HTTP/1.1\r\n\(host)\(headers)\r\n"
    }
}
