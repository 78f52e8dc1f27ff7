import KeeperRuntime
import RoadKit
import Testing

/// A keeper that is killed at any step of a close, started again and left to finish: one close at
/// the venue for each win in the journal, one booking for each fill, every unit explained.
///
/// SIGKILL shows that nothing depends on a farewell; it does not show what the disk keeps when the
/// power goes, which is what the journal's `synchronous = FULL` is for. All rows of the table are
/// `bailiff-dev crash`; those at which most has to come apart are here.
@Suite(.onTheRoad) struct KillPointTests {
    static let rows = CrashCase.all.filter { row in
        row.points.count == 3
            || [
                "commit-begun:2", "attempt-durable", "close-handed-over", "answer-arrived",
                "ending-known", "attempt-durable, then void-handed-over",
                "answer-arrived, then ending-booked", "drain-asked",
            ].contains(row.name)
    }

    @Test(arguments: rows)
    func `a killed keeper loses nothing and doubles nothing`(_ row: CrashCase) async throws {
        let outcome = try await Drill().play(row)
        #expect(outcome.complaints == [])
    }

    @Test func `a keeper that lives from beginning to end has the same books`() async throws {
        let drill = try await Drill(speed: 5)
        let keeper = try drill.keeper(["--live", "--until-height", "119"])
        #expect(try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try await drill.complaintsAboutBooks() == [])
    }

    @Test func `every point is in the table, and there are thirty`() {
        let named = CrashCase.all.flatMap(\.points).compactMap(CrashCase.point)
        #expect(Set(named) == Set(CrashPoint.allCases))
        #expect(CrashPoint.allCases.count == 30)
        #expect(Self.rows.count == 10, "the usual rows are in the table by their names")
    }
}

extension CrashCase: CustomTestStringConvertible {
    public var testDescription: String { name }
}
