import Foundation
import Glibc
import KeeperJournal
import KeeperModel
import KeeperRuntime
import Testing

/// A keeper that is killed at any step of a close, started again and left to finish: one close at
/// the venue for each win in the journal, one booking for each fill, every unit explained.
///
/// SIGKILL shows that nothing depends on a farewell; it does not show what the disk keeps when the
/// power goes, which is what the journal's `synchronous = FULL` is for.
@Suite(.onTheRoad) struct KillPointTests {
    /// The keeper dies at these, one life after the other; the last life finishes.
    struct Kill: Sendable, CustomTestStringConvertible {
        let points: [String]
        /// Whether the first death leaves an intent open for the next life to resolve.
        let leavesIntent: Bool

        init(_ points: String..., leavesIntent: Bool) {
            self.points = points
            self.leavesIntent = leavesIntent
        }

        var testDescription: String { points.joined(separator: ", then ") }
    }

    static let kills = [
        Kill("decision-recorded:2", leavesIntent: false),
        Kill("intent-approved", leavesIntent: false),
        Kill("intent-durable", leavesIntent: true),
        Kill("attempt-made", leavesIntent: true),
        Kill("attempt-durable", leavesIntent: true),
        Kill("close-handed-over", leavesIntent: true),
        Kill("answer-arrived", leavesIntent: true),
        Kill("answer-arrived:3", leavesIntent: true),
        Kill("ending-known", leavesIntent: true),
        Kill("ending-booked", leavesIntent: false),
        // While it finds out what the life before left behind.
        Kill("attempt-durable", "look-up-handed-over", leavesIntent: true),
        Kill("attempt-durable", "void-handed-over", leavesIntent: true),
        Kill("answer-arrived", "ending-known", leavesIntent: true),
        // When it has just found out.
        Kill("answer-arrived", "ending-booked", leavesIntent: true),
        Kill("close-handed-over", "answer-arrived", "answer-arrived:2", leavesIntent: true),
    ]

    @Test(arguments: kills)
    func `a killed keeper loses nothing and doubles nothing`(_ kill: Kill) async throws {
        let drill = try await Drill()
        for (index, point) in kill.points.enumerated() {
            let keeper = try drill.keeper(["--live"], crashingAt: point)
            #expect(try await keeper.end() == .killed(by: SIGKILL), "life \(index + 1)")
            guard index == 0 else { continue }
            let open = try drill.journal().openIntents()
            #expect(open.isEmpty != kill.leavesIntent)
        }
        // After three crashes a live keeper only watches, until somebody has looked into it.
        if kill.points.count == 3 {
            try FileManager.default.removeItem(atPath: drill.folder.file("state/starts.json"))
        }
        // The last life closes something of its own, and is asked to end.
        let keeper = try drill.keeper(["--live", "--decisions", drill.folder.file("last")])
        try await drill.waitForWins(3, in: "last", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        try await drill.expectWholeBooks()
    }

    @Test func `a keeper that lives from beginning to end has the same books`() async throws {
        let drill = try await Drill(speed: 5)
        let keeper = try drill.keeper(["--live", "--until-height", "119"])
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        try await drill.expectWholeBooks()
    }

    @Test func `every point is in the table`() {
        let named = Self.kills.flatMap(\.points).map { String($0.prefix { $0 != ":" }) }
        #expect(Set(named) == Set(CrashPoint.allCases.map(\.rawValue)))
    }
}
