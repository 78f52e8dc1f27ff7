import Foundation
import Glibc
import RoadKit
import Testing

/// The service's file as systemd reads it, where systemd is there to be asked.
@Suite(.onTheRoad) struct UnitFileTests {
    static let tool = "/usr/bin/systemd-analyze"
    static let hasTool = access(tool, X_OK) == 0

    @Test(.enabled(if: hasTool, "systemd-analyze is not there"))
    func `systemd finds nothing wrong with the unit`() async throws {
        let folder = try TemporaryFolder()
        let text = try String(
            contentsOfFile: Checkout.file("deploy/bailiff.service"), encoding: .utf8)
        // Of the built program, which is where nobody has installed it.
        try folder.write(
            text.replacingOccurrences(
                of: "/usr/bin/bailiff", with: try Checkout.program("bailiff")),
            to: "bailiff.service")
        let said = try await say(["verify", folder.file("bailiff.service")], folder)
        #expect(said.code == 0, "\(said.text)")
        #expect(!said.text.contains("bailiff.service"), "\(said.text)")
    }

    @Test(.enabled(if: hasTool, "systemd-analyze is not there"))
    func `the unit's exposure is at most 1.2`() async throws {
        let folder = try TemporaryFolder()
        let said = try await say(
            [
                "security", "--offline=true", "--threshold=12",
                Checkout.file("deploy/bailiff.service"),
            ], folder)
        #expect(said.code == 0, "\(said.text.suffix(200))")
        #expect(said.text.contains("Overall exposure level"))
    }

    private func say(
        _ words: [String], _ folder: TemporaryFolder
    ) async throws -> (code: Int32, text: String) {
        let program = try SpawnedProgram(
            at: Self.tool, words, variables: [:], output: folder.file("out"),
            errors: folder.file("err"))
        guard case .exited(let code) = try await program.end() else {
            throw RoadProblem("systemd-analyze did not end")
        }
        return (code, folder.text(of: "out") + folder.text(of: "err"))
    }
}
