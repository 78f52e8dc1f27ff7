import Foundation
import KeeperModel
import KeeperTransport
import Testing

/// A server of HTTP/2 over TLS needs what Debian's nodejs and openssl have; where either is absent
/// these are skipped by name.
private let canServe = ["node", "openssl"].allSatisfy { name in
    ["/usr/bin/", "/usr/local/bin/"].contains {
        FileManager.default.isExecutableFile(atPath: $0 + name)
    }
}

/// Answers every request with the protocol that it came by and the number of connections so far.
private let script = """
    const http2 = require('http2'), fs = require('fs');
    let sessions = 0;
    const server = http2.createSecureServer({
        key: fs.readFileSync(process.argv[2] + '/key.pem'),
        cert: fs.readFileSync(process.argv[2] + '/cert.pem')});
    server.on('secureConnection', () => { sessions += 1; });
    server.on('request', (request, response) => setTimeout(() => {
        response.writeHead(200, {'content-type': 'text/plain'});
        response.end(request.httpVersion + ' ' + sessions);
    }, 100));
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));
    process.stdin.on('end', () => process.exit(0)).resume();
    """

private final class NodeServer {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let port: UInt16
    private let process = Process()
    private let input = Pipe()

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.makeCertificate(in: folder.path)
        let file = folder.appending(path: "server.js")
        try script.write(to: file, atomically: true, encoding: .utf8)
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["node", file.path, folder.path]
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    private static func makeCertificate(in folder: String) throws {
        let maker = Process()
        maker.executableURL = URL(filePath: "/usr/bin/env")
        maker.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out",
            folder + "/cert.pem",
        ]
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        try #require(maker.terminationStatus == 0)
    }

    deinit {
        // It ends with its input, however the test ended.
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        // What stays behind in a folder for passing things harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }

    func endpoint(_ change: (inout TLSOptions) -> Void = { _ in }) throws -> Endpoint {
        var options = EndpointOptions()
        options.reach = .loopback
        options.tls.authoritiesFile = folder.path + "/cert.pem"
        change(&options.tls)
        return try Endpoint(
            name: EndpointName("venue"), baseURL: "https://127.0.0.1:\(port)", options: options)
    }
}

@Suite(.enabled(if: canServe, "nodejs or openssl is not here"), .serialized)
struct HTTP2Tests {
    @Test func `requests at once share one connection of HTTP 2`() throws {
        let server = try NodeServer()
        let endpoint = try server.endpoint()
        let reactor = Reactor()
        var bodies: [String] = []
        var errors: [TransportError] = []
        for _ in 1...8 {
            reactor.start(try ReadRequest(endpoint, path: "/x")) { result in
                switch result {
                case .success(let reply): bodies.append(String(decoding: reply.body, as: UTF8.self))
                case .failure(let error): errors.append(error)
                }
            }
        }
        reactor.run(until: { bodies.count + errors.count == 8 })
        #expect(errors.isEmpty)
        #expect(bodies == Array(repeating: "2.0 1", count: 8))
    }

    @Test func `a certificate that nobody vouches for is a TLS error, and nothing was sent`() throws
    {
        let server = try NodeServer()
        let endpoint = try server.endpoint { $0.authoritiesFile = nil }
        let error = Reactor().finish(try ReadRequest(endpoint, path: "/x"))?.error
        #expect(error?.kind == .tls)
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test func `another key than the pinned one is a TLS error, and nothing was sent`() throws {
        let server = try NodeServer()
        let other = "sha256//" + Data(repeating: 7, count: 32).base64EncodedString()
        let endpoint = try server.endpoint { $0.pinnedPublicKey = other }
        let error = Reactor().finish(try ReadRequest(endpoint, path: "/x"))?.error
        #expect(error?.kind == .tls)
        #expect(error?.mayHaveBeenSent == false)
    }
}
