import KeeperTransport
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("https://venue.example", Reach.publicInternet),
        ("https://venue.example:8443/api/v1/", .publicInternet),
        ("http://127.0.0.1:8080", .loopback),
        ("http://127.8.9.1", .loopback),
        ("http://localhost:1/x", .loopback),
        ("http://[::1]:8080", .loopback),
    ])
    func `a good URL is taken and says how far it may reach`(url: String, reach: Reach) throws {
        #expect(try loopback(url).reach == reach)
    }

    @Test(arguments: [
        ("", EndpointProblem.notAURL),
        ("venue.example", .notAURL),
        ("https://", .notAURL),
        ("https://a b", .notAURL),
        ("https://a\r\nHost: b", .notAURL),
        ("https://a:99999", .notAURL),
        ("https://пример.example", .notAURL),
        ("file:///etc/passwd", .scheme("file")),
        ("ftp://venue.example", .scheme("ftp")),
        ("gopher://venue.example", .scheme("gopher")),
        ("https://me@venue.example", .userInfo),
        ("https://me:secret@venue.example", .userInfo),
        ("https://venue.example/?key=1", .queryOrFragment),
        ("https://venue.example/?", .queryOrFragment),
        ("https://venue.example/#a", .queryOrFragment),
        ("http://venue.example", .plainHTTP),
        ("http://127.0.0.1.example", .plainHTTP),
        ("http://10.0.0.1", .plainHTTP),
    ])
    func `a bad URL is refused with its reason`(url: String, problem: EndpointProblem) {
        #expect(throws: problem) { try loopback(url) }
    }

    @Test func `plain http beyond loopback is a choice`() throws {
        let endpoint = try loopback("http://10.0.0.1") {
            $0.allowsPlainHTTP = true
            $0.reach = .privateNetwork
        }
        #expect(endpoint.reach == .privateNetwork)
    }

    @Test func `a secret in the path stays out of logs`() throws {
        #expect("\(try loopback("https://venue.example/secret"))" == "venue")
    }

    @Test(
        arguments: [
            ([127, 0, 0, 1], AddressClass.loopback), ([10, 1, 2, 3], .privateNetwork),
            ([172, 16, 0, 1], .privateNetwork), ([172, 32, 0, 1], .publicInternet),
            ([192, 168, 1, 1], .privateNetwork), ([100, 64, 0, 1], .privateNetwork),
            ([169, 254, 169, 254], .never), ([0, 0, 0, 0], .never), ([224, 0, 0, 1], .never),
            ([255, 255, 255, 255], .never), ([8, 8, 8, 8], .publicInternet),
        ] as [([UInt8], AddressClass)])
    func `every IPv4 address has a class`(octets: [UInt8], expected: AddressClass) {
        #expect(AddressClass(ipv4: octets) == expected)
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + octets
        #expect(AddressClass(ipv6: mapped) == expected)
    }

    @Test(
        arguments: [
            ([], [1], AddressClass.loopback), ([], [0], .never), ([0xfe, 0x80], [1], .never),
            ([0xfd, 0], [1], .privateNetwork), ([0xff, 2], [1], .never),
            ([0xfd, 0, 0x0e, 0xc2], [0x02, 0x54], .never), ([0x20, 1], [1], .publicInternet),
        ] as [([UInt8], [UInt8], AddressClass)])
    func `every IPv6 address has a class`(
        head: [UInt8], tail: [UInt8], expected: AddressClass
    ) {
        let zeros = [UInt8](repeating: 0, count: 16 - head.count - tail.count)
        #expect(AddressClass(ipv6: head + zeros + tail) == expected)
    }
}

@Suite struct ReadRequestTests {
    @Test(arguments: [
        "", "x", "/a b", "/a\nb", "/a?b", "/a#b", "/%", "/%4", "/%zz", "/é", "/a/../b", "/.",
    ])
    func `a path that is not one is refused`(path: String) throws {
        let endpoint = try loopback("http://127.0.0.1")
        #expect(throws: RequestProblem.path(path)) { try ReadRequest(endpoint, path: path) }
    }

    @Test(arguments: [
        HeaderField("", "x"), HeaderField("a b", "x"), HeaderField("a", "b\r\nc: d"),
        HeaderField("a", "\u{0}"), HeaderField("Host", "other"), HeaderField("Content-Length", "1"),
        HeaderField("Transfer-Encoding", "chunked"),
    ])
    func `a header that could become another is refused`(header: HeaderField) throws {
        let endpoint = try loopback("http://127.0.0.1")
        #expect(throws: RequestProblem.header(name: header.name)) {
            try ReadRequest(endpoint, path: "/", headers: [header])
        }
    }

    @Test func `bounds have bounds`() throws {
        let endpoint = try loopback("http://127.0.0.1")
        for bad in [
            limits { $0.timeoutMilliseconds = 0 }, limits { $0.replyBytesMax = -1 },
            limits { $0.headerBytesMax = 1 },
            limits { $0.lowSpeed = .init(bytesPerSecond: 0, seconds: 1) },
        ] {
            #expect(throws: RequestProblem.self) {
                try ReadRequest(endpoint, path: "/", limits: bad)
            }
        }
    }

    @Test func `what is not unreserved is escaped`() {
        #expect(percentEncoded("aZ0-._~ /?&=+%é") == "aZ0-._~%20%2F%3F%26%3D%2B%25%C3%A9")
    }
}
