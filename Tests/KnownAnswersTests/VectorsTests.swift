import Foundation
import KeeperCodec
import KnownAnswers
import Testing

/// Where the shared data is: beside the checkout, or where BAILIFF_SHARED says.
private let vectorsPath =
    (ProcessInfo.processInfo.environment["BAILIFF_SHARED"]
        ?? FileManager.default.currentDirectoryPath + "/../shared") + "/spec/vectors.json"

@Suite struct VectorsTests {
    /// The data does not belong to the repository, so a checkout alone cannot run this.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: vectorsPath), "no shared data"),
        arguments: vectorSectionNames)
    func `every known answer of the section is ours`(section: String) throws {
        let file = try VectorFile(
            parsing: [UInt8](Data(contentsOf: URL(filePath: vectorsPath))))
        let report = VectorReport(outcomes: file.run(sections: [section]))
        #expect(report.isClean, "\(report.text)")
    }

    private func run(_ vectors: String, section: String = "settlement") throws -> [VectorOutcome] {
        let text = "{\"sections\": {\"\(section)\": {\"vectors\": [\(vectors)]}}}"
        return try VectorFile(parsing: Array(text.utf8)).run(sections: [])
    }

    private func vector(_ inputs: String, _ expected: String) -> String {
        "{\"id\": \"x1\", \"inputs\": {\(inputs)}, \"expected\": {\(expected)}}"
    }

    private let sevenByThree =
        "\"op\": \"apportion\", \"total\": \"7\", \"weights\": [\"1\", \"2\"]"

    @Test func `a right answer passes`() throws {
        let outcomes = try run(vector(sevenByThree, "\"parts\": [\"2\", \"5\"]"))
        #expect(VectorReport(outcomes: outcomes).isClean)
    }

    @Test func `a wrong answer is shown with what was expected`() throws {
        let outcomes = try run(vector(sevenByThree, "\"parts\": [\"3\", \"4\"]"))
        let report = VectorReport(outcomes: outcomes)
        #expect(!report.isClean)
        #expect(report.text.contains("x1: differs at parts[0]"))
        #expect(report.text.contains("expected {\"parts\":[\"3\",\"4\"]}"))
        #expect(report.text.contains("actual   {\"parts\":[\"2\",\"5\"]}"))
        #expect(report.json.contains("\"passed\":0"))
    }

    @Test func `what is not known is an error by name`() throws {
        let unknownSection = try run(vector("", ""), section: "weather")
        #expect(VectorReport(outcomes: unknownSection).text.contains("weather"))
        #expect(throws: (any Error).self, "a list beside the sections that nobody knows") {
            try VectorFile(parsing: Array(#"{"sections": {}, "surprise": []}"#.utf8))
        }
        let unknownOperation = try run(vector("\"op\": \"guess\"", ""))
        #expect(VectorReport(outcomes: unknownOperation).text.contains("\"guess\""))
        let unknownInput = try run(
            vector(sevenByThree + ", \"mood\": \"1\"", "\"parts\": [\"2\", \"5\"]"))
        #expect(VectorReport(outcomes: unknownInput).text.contains("inputs.mood"))
        let unknownOutput = try run(vector(sevenByThree, "\"luck\": \"1\""))
        #expect(VectorReport(outcomes: unknownOutput).text.contains("differs at luck"))
    }

    @Test func `a signature's selector is its own, and a wrong one is shown`() throws {
        func outcomes(_ selector: String) throws -> [VectorOutcome] {
            let entry =
                #"{"kind": "function", "signature": "transfer(address,uint256)", "selector": ""#
                + selector + #""}"#
            return try VectorFile(
                parsing: Array(#"{"sections": {}, "selectors": [\#(entry)]}"#.utf8)
            ).run(sections: ["selectors"])
        }
        #expect(VectorReport(outcomes: try outcomes("0xa9059cbb")).isClean)
        let wrong = VectorReport(outcomes: try outcomes("0xa9059cbc"))
        #expect(!wrong.isClean && wrong.text.contains("transfer(address,uint256): differs"))
    }

    @Test func `a section that the file lacks is an error`() throws {
        let file = try VectorFile(parsing: Array("{\"sections\": {}}".utf8))
        #expect(!VectorReport(outcomes: file.run(sections: ["adl"])).isClean)
    }
}
