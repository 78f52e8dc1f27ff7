import Glibc
import KeeperFeeds
import KeeperJournal
import RoadKit
import Testing

/// SIGTERM: nothing new is begun and what is open is finished. A second one: leave now, and let the
/// next start find out.
@Suite(.onTheRoad) struct DrainTests {
    @Test func `a signal in the middle of closes is answered when they have ended`() async throws {
        let drill = try await Drill()
        try drill.setFaults(#"{"delayRepliesMilliseconds": 1500}"#)
        let keeper = try drill.keeper([
            "--live", "--record", drill.folder.file("recording"), "--decisions",
            drill.folder.file("decisions"),
        ])
        try await drill.waitForDecisions(#""kind":"proposed""#, 2, in: "decisions", of: keeper)
        keeper.send(SIGTERM)
        let asked = ContinuousClock.now
        #expect(try await keeper.end() == .exited(0))
        #expect(ContinuousClock.now - asked < .seconds(40))
        let said = drill.folder.text(of: "keeper.err")
        #expect(said.hasSuffix("event=ended message=drained\n"), "nothing was left open: \(said)")

        let reader = try RecordingReader(path: drill.folder.file("recording"))
        #expect(reader.isFinished)
        #expect(try reader.verify() > 0)
        #expect(try await drill.complaintsAboutBooks() == [])
    }

    @Test func `a second signal leaves at once, and the next start finds out`() async throws {
        let drill = try await Drill()
        try drill.setFaults(#"{"delayRepliesMilliseconds": 60000}"#)
        let keeper = try drill.keeper(["--live", "--decisions", drill.folder.file("first")])
        try await drill.waitForDecisions(#""kind":"proposed""#, 1, in: "first", of: keeper)
        keeper.send(SIGTERM)
        // Its reply is given up after five seconds, so now it waits.
        try await Task.sleep(for: .milliseconds(300))
        #expect(keeper.endingNow() == nil)
        keeper.send(SIGTERM)
        let asked = ContinuousClock.now
        #expect(try await keeper.end() == .exited(0))
        // A drain that waited for its reply would take forty; a busy machine may take some.
        #expect(ContinuousClock.now - asked < .seconds(25))
        #expect(drill.folder.text(of: "keeper.err").contains("whose end is not known"))
        #expect(try drill.journal().openIntents().isEmpty == false)

        try drill.setFaults("{}")
        let next = try drill.keeper(["--live", "--decisions", drill.folder.file("next")])
        try await drill.waitForDecisions(#""ending":"won""#, 1, in: "next", of: next)
        next.send(SIGTERM)
        #expect(try await next.end() == .exited(0))
        #expect(try await drill.complaintsAboutBooks() == [])
    }
}
