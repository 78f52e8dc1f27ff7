import Foundation
import Glibc
import RoadKit
import Testing

/// Row 45 of bad input: whoever asked gets the answer or hears that there is none.
@Suite(.onTheRoad) struct LostOutputTests {
    @Test(arguments: [["help"], ["schema"], ["version", "--json"], ["help", "run"]])
    func `row 45: results that the disk does not take are a failure, and say so`(
        _ words: [String]
    ) async throws {
        let folder = try TemporaryFolder()
        let program = try SpawnedProgram(
            "bailiff", words, variables: [:], output: "/dev/full", errors: folder.file("err"))
        #expect(try await program.end() == .exited(74))
        #expect(folder.text(of: "err").contains("No space left on device"))
    }

    /// The first files and sockets that are opened would take the places of the three that are
    /// closed, and what a program says would be written there.
    @Test func `row 45: with everything closed nothing takes the place of what is said`()
        async throws
    {
        let folder = try TemporaryFolder()
        let words = [
            "venue", "--scenario", Checkout.file("scenarios/drill.json"), "--port", "0",
            "--port-file", folder.file("port"),
        ]
        let venue = try SpawnedProgram(
            at: "/bin/sh",
            ["-c", #"exec "$0" "$@" <&- >&- 2>&-"#, try Checkout.program("bailiff")] + words,
            variables: [:], output: folder.file("out"), errors: folder.file("err"))
        try await wait(for: "the venue's port") {
            folder.text(of: "port").hasSuffix("\n")
        }
        for number in 0...2 {
            let place = "/proc/\(venue.process)/fd/\(number)"
            let held = try FileManager.default.destinationOfSymbolicLink(atPath: place)
            #expect(held == "/dev/null", "\(place)")
        }
        venue.send(SIGTERM)
        _ = try await venue.end()
    }
}
