import Foundation
import Glibc
import RoadKit
import Testing

/// Other people's questions: Schemathesis makes requests out of the OpenAPI page, in the form and
/// out of it, and holds every reply against what the page says of it.
@Suite(.onTheRoad, .enabled(if: isSlowWanted, "takes a minute: BAILIFF_SLOW=1"))
struct SchemathesisTests {
    @Test(
        .enabled("Schemathesis can be installed from PyPI here") {
            try await Schemathesis.shared.isThere()
        })
    func `the reference venue does what its page says`() async throws {
        defer { Schemathesis.shared.remove() }
        let folder = try TemporaryFolder()
        let venue = try SpawnedProgram(
            "bailiff-venue",
            [
                "--scenario", Checkout.file("scenarios/drill.json"), "--port", "0", "--port-file",
                folder.file("port"), "--test-switches", "--longest-wait", "200",
            ],
            variables: [:], output: folder.file("venue.out"), errors: folder.file("venue.err"))
        try await wait(for: "the venue's port") { folder.text(of: "port").hasSuffix("\n") }
        let page = try Data(contentsOf: URL(filePath: Checkout.file("docs/openapi.json")))
        // A stream without news is waited for as long as is asked, which is half a minute for each
        // question; so venue and page say less.
        let impatient = String(decoding: page, as: UTF8.self)
            .replacingOccurrences(of: "\"maximum\": 30000", with: "\"maximum\": 200")
        try folder.write(impatient, to: "openapi.json")
        let url = "http://127.0.0.1:\(folder.text(of: "port").dropLast())"
        // The switches last: a venue that was told to refuse does, and that is no finding.
        for (choice, count) in [("--exclude-path", 25), ("--include-path", 1)] {
            try folder.write("", to: "told")
            try await Self.ask(url, choosing: [choice, "/v1/test/faults"], in: folder)
            let told = folder.text(of: "told")
            #expect(told.contains("Tested: \(count)\n"), "every path was asked: \(told)")
        }
        #expect(venue.endingNow() == nil, "the venue still runs")
    }

    private static func ask(
        _ url: String, choosing words: [String], in folder: TemporaryFolder
    ) async throws {
        let run = try Schemathesis.shared.run(
            [
                "run", folder.file("openapi.json"), "--url", url, "--max-examples", "10", "--seed",
                "1", "--phases", "examples,coverage,fuzzing", "--generation-database", "none",
                // A poll from beyond the end is well formed, and 410 is its answer.
                "--exclude-checks", "positive_data_acceptance", "--continue-on-failure",
                "--no-color",
            ] + words, in: folder)
        #expect(try await run.end(within: 240) == .exited(0), "\(folder.text(of: "told"))")
    }
}

private var isSlowWanted: Bool { getenv("BAILIFF_SLOW") != nil }

/// A virtual environment of its own, made once and gone with its test.
private actor Schemathesis {
    static let shared = Schemathesis()

    private var installing: Task<Bool, any Error>?
    private nonisolated let folder = FileManager.default.temporaryDirectory
        .appending(path: "bailiff-schemathesis-\(getpid())").path

    /// Whether it could be installed; asked as often as wanted.
    func isThere() async throws -> Bool {
        if let installing { return try await installing.value }
        let folder = folder
        let task = Task {
            for words in [
                ["python3", "-m", "venv", folder],
                [
                    folder + "/bin/python", "-m", "pip", "install", "--quiet",
                    "schemathesis==4.32.5",
                ],
            ] {
                let step = try SpawnedProgram(
                    at: "/usr/bin/env", words, variables: [:], output: "/dev/null",
                    errors: "/dev/null")
                guard try await step.end(within: 180) == .exited(0) else { return false }
            }
            return true
        }
        installing = task
        return try await task.value
    }

    nonisolated func remove() {
        // What cannot be removed lies in the system's temporary folder and harms nobody.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// In a folder of its own: it keeps notes where it stands.
    nonisolated func run(_ words: [String], in place: TemporaryFolder) throws -> SpawnedProgram {
        try SpawnedProgram(
            at: "/usr/bin/env", ["-C", place.path, folder + "/bin/schemathesis"] + words,
            variables: [:],
            output: place.file("told"), errors: place.file("told"))
    }
}
