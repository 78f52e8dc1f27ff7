import HTTPServing
import KeeperModel
import KeeperTransport
import KeeperWriteDoor
import Testing

/// Keeper and venue of these tests share one thread and one poll, as in a demo.
@Suite struct WriteRequestTests {
    private static func send(
        _ method: WriteRequest.Method, body: [UInt8]
    ) throws -> (seen: [HTTPRequest], reply: Reply?) {
        let server = try HTTPServer(everything)
        let reactor = Reactor()
        var seen: [HTTPRequest] = []
        _ = reactor.watch(server.pollDescriptor, .readable) { _ in
            server.runOnce(timeoutMilliseconds: 0) { exchange in
                seen.append(exchange.request)
                exchange.respond(HTTPResponse(status: 201, body: exchange.request.body))
            }
        }
        let endpoint = try Endpoint(
            name: EndpointName("venue"), baseURL: "http://127.0.0.1:\(server.port)/v1")
        let head = try RequestHead(
            endpoint, path: "/closes/c-1",
            headers: [HeaderField("content-type", "application/json")])
        var result: Result<Reply, TransportError>?
        reactor.start(WriteRequest(method, head, body: body)) { result = $0 }
        reactor.run(until: { result != nil })
        return (seen, try result?.get())
    }

    @Test(arguments: [(WriteRequest.Method.put, HTTPMethod.put), (.post, .post)])
    func `a write carries its method and its bytes`(
        method: WriteRequest.Method, expected: HTTPMethod
    ) throws {
        let body = Array(#"{"a":"\u0000é"}"#.utf8) + [0, 255]
        let (seen, reply) = try Self.send(method, body: body)
        #expect(seen.count == 1)
        #expect(seen.first?.method == expected)
        #expect(seen.first?.body == body)
        #expect(seen.first?.target.rawPath == "/v1/closes/c-1")
        #expect(seen.first?.header("content-type") == "application/json")
        #expect(reply?.status == 201)
        #expect(reply?.body == body)
    }

    @Test(arguments: [0, 1_000_000])
    func `an empty body and a large one go out whole`(count: Int) throws {
        let body = [UInt8](repeating: 0x5a, count: count)
        let (seen, reply) = try Self.send(.put, body: body)
        #expect(seen.first?.body == body)
        #expect(reply?.body == body)
    }

    /// A handle that has carried a write is reused; nothing of the write may cling to it.
    @Test func `a read after a write is a read`() throws {
        let server = try HTTPServer(Self.everything)
        let reactor = Reactor()
        var seen: [HTTPRequest] = []
        _ = reactor.watch(server.pollDescriptor, .readable) { _ in
            server.runOnce(timeoutMilliseconds: 0) { exchange in
                seen.append(exchange.request)
                exchange.respond(HTTPResponse(status: 200))
            }
        }
        let endpoint = try Endpoint(
            name: EndpointName("venue"), baseURL: "http://127.0.0.1:\(server.port)")
        let write = WriteRequest(.post, try RequestHead(endpoint, path: "/w"), body: [1, 2, 3])
        var done = 0
        reactor.start(write) { _ in done += 1 }
        reactor.run(until: { done == 1 })
        reactor.start(try ReadRequest(endpoint, path: "/r")) { _ in done += 1 }
        reactor.run(until: { done == 2 })
        #expect(seen.map(\.method) == [.post, .get])
        #expect(seen.map(\.body) == [[1, 2, 3], []])
    }

    /// The venue answers between two rounds of its own; the shared poll must notice by itself.
    @Test func `an answer given later reaches the one who waits`() throws {
        let server = try HTTPServer(Self.everything)
        let reactor = Reactor()
        _ = reactor.watch(server.pollDescriptor, .readable) { _ in
            server.runOnce(timeoutMilliseconds: 0) { exchange in
                reactor.after(.milliseconds(20)) { exchange.respond(HTTPResponse(status: 202)) }
            }
        }
        let endpoint = try Endpoint(
            name: EndpointName("venue"), baseURL: "http://127.0.0.1:\(server.port)")
        var statuses: [Int?] = []
        for _ in 1...3 {
            let write = WriteRequest(.put, try RequestHead(endpoint, path: "/w"), body: [1])
            reactor.start(write) { statuses.append((try? $0.get())?.status) }  // nil is a failure
        }
        reactor.run(until: { statuses.count == 3 })
        #expect(statuses == [202, 202, 202])
    }

    private static var everything: ServerSettings {
        var settings = ServerSettings()
        settings.methods = HTTPMethod.allCases
        return settings
    }
}
