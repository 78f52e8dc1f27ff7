import Foundation
import KeeperConsole
import KeeperModel
import KeeperRuntime
import Testing

@Suite struct AuditLogTests {
    private let files: TestFolder
    private var folder: String { files.path }

    init() throws {
        files = try TestFolder()
    }

    private var path: String { folder + "/audit.jsonl" }

    private func fill(_ count: Int) throws {
        let log = try AuditLog(path: path)
        for number in 0..<count {
            var request = ControlRequest(number % 2 == 0 ? .pause : .approve)
            request.token = "not to be kept"
            if number % 2 == 1 { request.account = AccountID("a\(number)") }
            try log.append(
                AuditEntry(
                    at: Instant(milliseconds: Int64(number) * 1_000),
                    peer: ControlPeer(user: 7, groups: [8], process: 9), role: .operator,
                    request: request))
        }
    }

    private func reading() throws -> AuditReading {
        AuditReading([UInt8](try Data(contentsOf: URL(filePath: path))))
    }

    @Test func `lines written by one program after another are one chain`() throws {
        try fill(3)
        try fill(2)
        let reading = try reading()
        #expect(reading.damage == nil)
        #expect(reading.head.lineCount == 5)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("not to be") == false)
    }

    @Test(arguments: [
        ("\"user\":7", "\"user\":0"), ("\"verb\":\"approve\"", "\"verb\":\"pause\""),
        ("a1", "a2"),
    ])
    func `a line that was altered breaks the chain behind it`(old: String, new: String) throws {
        try fill(4)
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map(String.init)
        let altered = lines[1].replacingOccurrences(of: old, with: new)
        #expect(altered != lines[1])
        lines[1] = altered
        try write(lines)
        #expect(try reading().damage == "line 3 does not follow from the line before it")
        #expect(throws: StartProblem.self) { try AuditLog(path: path) }
    }

    @Test func `a line that was taken out breaks the chain`() throws {
        try fill(4)
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map(String.init)
        lines.remove(at: 2)
        try write(lines)
        #expect(try reading().damage == "line 3 does not follow from the line before it")
    }

    @Test func `a last line that its writer did not finish is taken off`() throws {
        try fill(2)
        let whole = try Data(contentsOf: URL(filePath: path))
        try (whole + Data("{\"number\":3,\"prev".utf8)).write(to: URL(filePath: path))
        #expect(try reading().tornByteCount == 17)
        try fill(1)
        let reading = try reading()
        #expect(reading.damage == nil)
        #expect(reading.head.lineCount == 3)
    }

    private func write(_ lines: [String]) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
    }
}
