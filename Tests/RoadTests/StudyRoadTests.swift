import Foundation
import Glibc
import RoadKit
import Testing

/// A study as a process: killed in the middle and started again it says what it says in one go.
@Suite(.onTheRoad) struct StudyRoadTests {
    @Test func `a study that was killed and resumed prints the same table`() async throws {
        let folder = try TemporaryFolder()
        try prepare(folder)
        let whole = try await text(of: ["--jobs", "1", "--rows", folder.file("whole")], folder)
        #expect(whole.contains("| first | `full-close` |"))
        #expect(whole.contains("Books of all runs: every unit explained."))
        #expect(folder.text(of: "errors").contains("6 of 6: second, flash-optimal: "))

        let rows = folder.file("killed")
        let killed = try program(["--jobs", "1", "--rows", rows], folder)
        try await wait(for: "a first row") { Self.count(in: rows) > 0 }
        killed.send(SIGKILL)
        #expect(try await killed.end() == .killed(by: SIGKILL))
        #expect(Self.count(in: rows) < 6, "it was killed before its end")
        #expect(try await text(of: ["--jobs", "2", "--rows", rows], folder) == whole)
    }

    /// Two windows of an hour in which prices fall by a quarter, at the shipped stage with fewer
    /// accounts.
    private func prepare(_ folder: TemporaryFolder) throws {
        for (asset, cents) in [("ETH", 20_000), ("WBTC", 800_000)] {
            let rows = (0..<60).map { minute in
                let price = cents * (240 - minute) / 240
                let text = "\(price / 100).\(price % 100 / 10)\(price % 10)"
                let at = 1_577_836_800_000 + minute * 60_000
                return "\(at),\(text),\(text),\(text),\(text),1"
            }
            let head = "ts_ms,open,high,low,close,volume"
            try folder.write(([head] + rows).joined(separator: "\n") + "\n", to: asset + ".csv")
        }
        let stage = try String(
            contentsOfFile: Checkout.file("scenarios/history.json"), encoding: .utf8)
        try folder.write(
            stage.replacing("\"accounts\": 700,", with: "\"accounts\": 60,")
                .replacing(/"accounts": (125|100|75),/, with: "\"accounts\": 20,"),
            to: "stage.json")
        let windows = ["first", "second"].map { name in
            let imports = ["ETH", "WBTC"].map { asset in
                "{\"kind\": \"klines\", \"asset\": \"\(asset)\", \"files\": [\"\(asset).csv\"]}"
            }
            return "{\"window\": \"\(name)\", \"imports\": [\(imports.joined(separator: ","))]}"
        }
        try folder.write(
            """
            {
                "study": "road", "stage": "stage.json", "rivals": "first-come",
                "against": [0, 2], "seed": 3, "windows": [\(windows.joined(separator: ","))],
            }
            """, to: "study.json")
    }

    private func program(_ words: [String], _ folder: TemporaryFolder) throws -> SpawnedProgram {
        let strategies = ["full-close", "partial-restore", "flash-optimal"]
        return try SpawnedProgram(
            "bailiff",
            ["study", folder.file("study.json"), "--data", folder.file(".")]
                + ["--config", Checkout.file("scenarios/history.config.json")]
                + strategies.flatMap { ["--strategy", $0] } + words,
            variables: ["BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies")],
            output: folder.file("out"), errors: folder.file("errors"))
    }

    private func text(of words: [String], _ folder: TemporaryFolder) async throws -> String {
        for name in ["out", "errors"] { try folder.write("", to: name) }
        #expect(
            try await program(words, folder).end() == .exited(0), "\(folder.text(of: "errors"))")
        return folder.text(of: "out")
    }

    private static func count(in folder: String) -> Int {
        // No folder yet is no row yet.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { $0.hasSuffix(".json") }
    }
}
