import Foundation
import RoadKit
import Testing

@Suite(.onTheRoad) struct ProgramDateTests {
    /// The same as a clock that is a day behind, without touching the machine's.
    @Test func `row 50: a clock from before the program was made is refused before any file`()
        async throws
    {
        let folder = try TemporaryFolder()
        let program = folder.file("bailiff")
        // Copied by nobody of ours: what another test starts meanwhile would have it open too.
        let copy = try SpawnedProgram(
            at: "/bin/cp", [try Checkout.program("bailiff"), program], variables: [:],
            output: folder.file("out"), errors: folder.file("err"))
        #expect(try await copy.end() == .exited(0))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 86_400)], ofItemAtPath: program)
        let keeper = try SpawnedProgram(
            at: program,
            ["run", "--config", Checkout.file("config.json"), "--state", folder.file("state")],
            variables: ["BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies")],
            output: folder.file("out"), errors: folder.file("err"))
        #expect(try await keeper.end() == .exited(78))
        #expect(folder.text(of: "err").contains("and this program was made at"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("state")))
    }
}
