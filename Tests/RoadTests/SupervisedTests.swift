import Foundation
import Glibc
import RoadKit
import Testing

/// The keeper as a service: the supervisor's and the journal's sockets are ours, and hear what it
/// says to them.
@Suite(.onTheRoad) struct SupervisedTests {
    @Test(arguments: ["path", "abstract"])
    func `a supervisor hears ready, reloading and stopping, and that it lives`(
        kind: String
    ) async throws {
        let drill = try await Drill()
        let ear = try DatagramEar(
            kind == "path" ? drill.folder.file("notify") : "@bailiff-\(UUID().uuidString)")
        let keeper = try drill.keeper(
            [],
            variables: ["NOTIFY_SOCKET": ear.path, "WATCHDOG_USEC": "3000000"])
        try await wait(for: "READY=1") { ear.listen().contains { $0.hasPrefix("READY=1") } }
        // Not before it was.
        let first = try #require(ear.listen().first)
        #expect(first.hasPrefix("STATUS=waiting for the venue\nEXTEND_TIMEOUT_USEC="))
        try await wait(for: "WATCHDOG=1") { ear.listen().contains("WATCHDOG=1") }

        let heardCount = ear.listen().count
        keeper.send(SIGHUP)
        try await wait(for: "READY=1 again") {
            ear.listen().dropFirst(heardCount).contains { $0.hasPrefix("READY=1") }
        }
        let reload = ear.listen().dropFirst(heardCount).first { $0.hasPrefix("RELOADING=1") }
        let stamp = reload?.split(separator: "MONOTONIC_USEC=").last.flatMap { Int64($0) }
        #expect((stamp ?? 0) > 0)

        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        #expect(ear.listen().contains { $0.hasPrefix("STOPPING=1") })
    }

    /// A venue that hangs: the feed gets nowhere, and nobody is told that all is well.
    @Test func `a keeper that is stopped says nothing, and goes on when it goes on`() async throws {
        let drill = try await Drill()
        let ear = try DatagramEar(drill.folder.file("notify"))
        let keeper = try drill.keeper(
            [], variables: ["NOTIFY_SOCKET": ear.path, "WATCHDOG_USEC": "1500000"])
        try await wait(for: "WATCHDOG=1") { ear.listen().contains("WATCHDOG=1") }
        keeper.send(SIGSTOP)
        try await Task.sleep(for: .milliseconds(200))
        let heardCount = ear.listen().count
        try await Task.sleep(for: .seconds(2))
        #expect(ear.listen().count == heardCount)
        keeper.send(SIGCONT)
        try await wait(for: "WATCHDOG=1 again") {
            ear.listen().dropFirst(heardCount).contains("WATCHDOG=1")
        }
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
    }

    @Test func `a journal gets datagrams with fields, and a file gets lines`() async throws {
        let drill = try await Drill()
        let ear = try DatagramEar(drill.folder.file("journal"))
        let keeper = try drill.keeper(
            ["--log", "journald"], variables: ["BAILIFF_JOURNAL_SOCKET": ear.path])
        try await wait(for: "ready") {
            ear.listen().contains { $0.contains("BAILIFF_EVENT=ready\n") }
        }
        let first = try #require(ear.listen().first)
        #expect(first.contains("MESSAGE=mode dry-run\n"))
        #expect(first.contains("PRIORITY=5\n"))
        #expect(first.contains("SYSLOG_IDENTIFIER=bailiff\n"))
        #expect(!drill.folder.text(of: "keeper.err").contains("event="))
        try await wait(for: "a close that ended") {
            ear.listen().contains {
                $0.contains("BAILIFF_EVENT=close-ended\n") && $0.contains("MESSAGE=won\n")
                    && $0.contains("BAILIFF_ACCOUNT=borrower-")
            }
        }
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))

        let plain = try drill.keeper([])
        try await wait(for: "ready") {
            drill.folder.text(of: "keeper.err").contains("level=notice event=ready")
        }
        plain.send(SIGTERM)
        #expect(try await plain.end() == .exited(0))
    }

    @Test func `a journal that is not there costs nothing but its fields`() async throws {
        let drill = try await Drill()
        let keeper = try drill.keeper(
            ["--log", "journald", "--decisions", drill.folder.file("first")],
            variables: ["BAILIFF_JOURNAL_SOCKET": drill.folder.file("nobody")])
        try await drill.waitForWins(1, in: "first", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        #expect(drill.folder.text(of: "keeper.err").hasPrefix("<5>started: mode dry-run\n"))
    }

    @Test func `a live keeper takes its key from a credential, and without one it says so`()
        async throws
    {
        let drill = try await Drill()
        let config = try drill.ownConfig()
        try drill.change(
            config, "{\"file\": \"keeper.key\"}", to: "{\"credential\": \"keeper.key\"}")
        let without = try drill.keeper(["--live"], config: config, isKeyByFile: false)
        #expect(try await without.end() == .exited(78))
        #expect(drill.folder.text(of: "keeper.err").contains("live.key.credential"))
        // As a supervisor leaves it: read by an access list, whose mask is shown as the group's.
        chmod(drill.folder.file("keeper.key"), 0o440)
        let keeper = try drill.keeper(
            ["--live", "--decisions", drill.folder.file("first")], config: config,
            variables: ["CREDENTIALS_DIRECTORY": drill.folder.path], isKeyByFile: false)
        try await drill.waitForWins(1, in: "first", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
    }
}
