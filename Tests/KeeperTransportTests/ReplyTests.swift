import Glibc
import KeeperModel
import KeeperTransport
import Synchronization
import Testing

/// Good replies, and that what is sent is what was asked for.
@Suite struct ReplyTests {
    @Test func `status, headers, body and times come back`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 418 Teapot\r\nX-A:  one \r\nx-a: two\r\n")
            connection.send("Content-Length: 3\r\n\r\nabc")
        }
        let reply = try #require(try Reactor().get(server.url)?.reply)
        #expect(reply.status == 418)
        #expect(reply.body == Array("abc".utf8))
        #expect(reply.header("X-A") == "one")
        #expect(reply.headers.count == 3)
        #expect(reply.times.startedAt <= reply.times.firstByteAt)
        #expect(reply.times.firstByteAt <= reply.times.finishedAt)
        #expect(reply.times.roundTrip > .zero)
    }

    @Test func `the wire carries exactly the request that was made`() throws {
        let seen = Mutex("")
        let server = try ScriptedServer { connection, _ in
            seen.withLock { $0 = connection.readHead() }
            connection.reply("")
        }
        let request = try ReadRequest(
            try loopback(server.url + "/base/"), path: "/a%20b/../c".replacing("/..", with: ""),
            query: [QueryItem("after", "7"), QueryItem("q", "a&b=ü")],
            headers: [HeaderField("X-Key", "k"), HeaderField("X-Empty", "")])
        #expect(Reactor().finish(request)?.reply?.status == 200)
        let expected = """
            GET /base/a%20b/c?after=7&q=a%26b%3D%C3%BC HTTP/1.1\r
            Host: 127.0.0.1:\(server.port)\r
            Accept: */*\r
            User-Agent: bailiff\r
            x-key: k\r
            x-empty:\r
            \r

            """
        #expect(seen.withLock { $0 } == expected)
    }

    @Test func `an interim reply is not the reply`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
            connection.reply("late", headers: "X-Late: 1\r\n")
        }
        let reply = try #require(try Reactor().get(server.url)?.reply)
        #expect(reply.status == 200)
        #expect(reply.header("x-early") == nil)
        #expect(reply.header("x-late") == "1")
    }

    @Test func `a redirect is an answer, not an order`() throws {
        let server = try ScriptedServer { connection, number in
            connection.readHead()
            connection.send("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")
        }
        #expect(try Reactor().get(server.url)?.reply?.status == 302)
        #expect(server.connectionCount == 1)
    }

    /// In a process of its own: the environment belongs to all threads.
    @Test func `a proxy in the environment is ignored`() async {
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            let server = try ScriptedServer { connection, _ in
                connection.readHead()
                connection.reply("direct")
            }
            #expect(try Reactor().get(server.url)?.reply?.status == 200)
        }
    }

    @Test func `one connection serves request after request`() throws {
        let server = try ScriptedServer { connection, _ in
            while !connection.readHead().isEmpty { connection.reply("again") }
        }
        let reactor = Reactor()
        for _ in 1...5 { #expect(try reactor.get(server.url)?.reply?.status == 200) }
        #expect(server.connectionCount == 1)
    }
}
