import Foundation
import KeeperCommands
import KeeperConsole
import KeeperModel
import KeeperRuntime
import KeeperTransport
import Testing

@Suite struct DoctorTests {
    private static func findings(_ body: String, status: Int = 200) -> [Finding] {
        VenueDoctor.findings(
            status: status, body: Array(body.utf8), askedAt: Instant(milliseconds: 100_000),
            answeredAt: Instant(milliseconds: 100_020))
    }

    @Test(arguments: [
        ("100010", "good", "agrees"), ("99000", "warning", "1000 ms ahead of"),
        ("101020", "warning", "1000 ms behind"), ("90000", "bad", "10000 ms ahead of"),
        ("200020", "bad", "100000 ms behind"), ("99900", "good", "100 ms ahead"),
    ])
    func `a clock is held against the venue's`(
        milliseconds: String, verdict: String, says: String
    ) throws {
        let findings = Self.findings(
            "{\"height\":1,\"serverTime\":\"\(milliseconds)000000\"}")
        let clock = try #require(findings.last)
        #expect(clock.subject == "clock")
        #expect(clock.verdict.rawValue == verdict)
        #expect(clock.text.contains(says), "\(clock.text)")
    }

    @Test func `a venue that says something else is named`() {
        #expect(Self.findings("{}", status: 503).first?.verdict == .bad)
        #expect(Self.findings("<html>").last?.verdict == .warning)
    }

    @Test(arguments: [
        (UInt64(2) << 30, "good"), (UInt64(500) << 20, "warning"), (UInt64(50) << 20, "bad"),
    ])
    func `room on the disk is judged by what a journal needs`(bytes: UInt64, verdict: String) {
        #expect(MachineDoctor.disk(freeBytes: bytes, at: "x").verdict.rawValue == verdict)
    }

    @Test func `a key that others may read is bad, with the way to mend it`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let path = folder.path + "/key"
        try Data("k".utf8).write(to: URL(filePath: path))
        for (mode, verdict) in [(0o644, Finding.Verdict.bad), (0o600, .good)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(MachineDoctor.key(path, isNeeded: true).verdict == verdict)
        }
        #expect(MachineDoctor.key(path + "-none", isNeeded: true).code == .permission)
        #expect(MachineDoctor.key(path + "-none", isNeeded: false).verdict == .good)
    }

    @Test func `a folder that will be made is judged by where it will be made`() {
        let folder = NSTemporaryDirectory() + "bailiff-\(UUID().uuidString)/deep/deeper"
        #expect(MachineDoctor.disk(folder).verdict != .bad)
        #expect(MachineDoctor.books(folder).verdict == .good)
    }
}
