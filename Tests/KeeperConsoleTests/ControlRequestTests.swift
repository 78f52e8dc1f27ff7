import KeeperCodec
import KeeperCommands
import KeeperConsole
import KeeperModel
import Testing

@Suite struct ControlRequestTests {
    @Test func `what is said is heard`() throws {
        var request = ControlRequest(.explain)
        request.account = AccountID("borrower-7")
        request.at = UTCText.instant("2026-11-20T12:30:00Z")
        request.since = UTCText.instant("2026-11-20T11:30:00Z")
        request.countMax = 50
        request.isPreview = true
        request.token = "t"
        #expect(try ControlRequest(line: request.jsonBytes) == request)
    }

    @Test(arguments: [
        ("", "no request"), ("[]", "no request"), (#"{"schemaVersion":1}"#, "verb"),
        (#"{"schemaVersion":2,"verb":"status"}"#, "schemaVersion"),
        (#"{"schemaVersion":1,"verb":"sell"}"#, "one of status"),
        (#"{"schemaVersion":1,"verb":"status","limit":0}"#, "limit"),
        (#"{"schemaVersion":1,"verb":"status","limit":10001}"#, "limit"),
        (#"{"schemaVersion":1,"verb":"explain","account":"a/b"}"#, "account"),
        (#"{"schemaVersion":1,"verb":"explain","at":"noon"}"#, "such as"),
        (#"{"schemaVersion":1,"verb":"status","acount":"a"}"#, "acount"),
    ])
    func `what is no request is refused with its reason`(line: String, says: String) {
        let problem = #expect(throws: ControlProblem.self) {
            try ControlRequest(line: Array(line.utf8))
        }
        #expect(problem?.code == .usage)
        #expect(problem?.description.contains(says) == true, "\(problem?.description ?? "")")
    }

    @Test func `an answer of many lines is one line`() throws {
        let answer = ControlAnswer(
            lines: ["a\nb", "\u{1B}[2J"], json: #"{"schemaVersion":1}"#, code: .difference)
        #expect(!answer.jsonBytes.contains(UInt8(ascii: "\n")))
        #expect(try ControlAnswer(jsonBytes: answer.jsonBytes) == answer)
        let problem = ControlAnswer(problem: ControlProblem(.permission, "no\nrole"))
        #expect(try ControlAnswer(jsonBytes: problem.jsonBytes) == problem)
    }
}
