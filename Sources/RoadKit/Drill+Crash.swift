import Foundation
import Glibc
import KeeperJournal
import KeeperRuntime

/// What became of one row of the table of crashes.
package struct CrashOutcome: Sendable {
    /// Intents that were open after each death.
    package let openCounts: [Int]
    /// Closes that were won, all lives together.
    package let wonCount: Int
    /// Empty where nothing was lost and nothing doubled.
    package let complaints: [String]
}

extension Drill {
    /// Plays one row: the keeper dies, is started again, and the last life closes something of its
    /// own before it is asked to end.
    package func play(_ row: CrashCase) async throws -> CrashOutcome {
        if let faults = row.faults { try setFaults(faults) }
        var openCounts: [Int] = []
        for (index, point) in row.points.enumerated() {
            let ending = try await life(dyingAt: point, isEnding: row.isEnding)
            guard ending == .killed(by: SIGKILL) else {
                throw RoadProblem(
                    "life \(index + 1) did not die at \(point) but ended by \(ending): "
                        + folder.text(of: "keeper.err"))
            }
            openCounts.append(try journal().openIntents().count)
        }
        // After three crashes a live keeper only watches, until somebody has looked into it.
        if row.points.count == 3 {
            try FileManager.default.removeItem(atPath: folder.file("state/starts.json"))
        }
        let last = try keeper(["--live", "--decisions", folder.file("last")])
        try await waitForWins(2, in: "last", of: last)
        last.send(SIGTERM)
        let ending = try await last.end()
        var complaints = try await complaintsAboutBooks()
        if ending != .exited(0) {
            complaints.append("the last life: \(ending) \(folder.text(of: "keeper.err"))")
        }
        if let leavesIntent = row.leavesIntent, let first = openCounts.first,
            leavesIntent != (first > 0)
        {
            complaints.append("the first death left \(first) intents open")
        }
        let wonCount = try journal().revenue(by: .total).first?.entryCount ?? 0
        return CrashOutcome(
            openCounts: openCounts, wonCount: wonCount, complaints: complaints)
    }

    private func life(
        dyingAt point: String, isEnding: Bool
    ) async throws -> SpawnedProgram.Ending {
        let words = isEnding ? ["--live", "--until-height", "30"] : ["--live"]
        return try await keeper(words, crashingAt: point).end()
    }
}
