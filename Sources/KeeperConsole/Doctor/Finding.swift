package import KeeperCodec
package import KeeperCommands

/// What one look at the machine found, and where something is wrong what to do about it.
package struct Finding: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable {
        case good
        /// It runs, and somebody should know.
        case warning
        /// It will not run, or not well.
        case bad
    }

    package let subject: String
    package let verdict: Verdict
    package let text: String
    /// With which code a run would end for it.
    package let code: ExitCode

    package static func good(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, verdict: .good, text: text, code: .done)
    }

    package static func warning(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, verdict: .warning, text: text, code: .done)
    }

    package static func bad(_ subject: String, _ text: String, _ code: ExitCode) -> Finding {
        Finding(subject: subject, verdict: .bad, text: text, code: code)
    }

    func about(_ subject: String) -> Finding {
        Finding(subject: subject, verdict: verdict, text: text, code: code)
    }

    package var line: String { "\(verdict.rawValue): \(subject): \(text)" }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("subject", subject)
        json.member("verdict", verdict.rawValue)
        json.member("text", text)
        json.endObject()
    }
}
