import KeeperCodec
import KeeperCommands
import KeeperFeeds
import KeeperRuntime

/// `recordings verify FILE...`: the first fault of each, and 2 where there is one.
struct RecordingVerifying {
    private struct Finding {
        let path: String
        let rowCount: UInt64
        let gapCount: UInt64
        let fault: RecordingFault?
    }

    private let parsed: ParsedCommand

    init(_ parsed: ParsedCommand) {
        self.parsed = parsed
    }

    func run() throws(StartProblem) -> ExitCode {
        var findings: [Finding] = []
        for path in parsed.arguments { findings.append(try finding(path)) }
        if parsed.has("json") {
            StandardStream.output.line(jsonText(findings))
        } else {
            for finding in findings { StandardStream.output.line(line(finding)) }
        }
        return findings.allSatisfy { $0.fault == nil } ? .done : .difference
    }

    /// A file that is not there cannot be judged; one that is damaged from its first byte can.
    private func finding(_ path: String) throws(StartProblem) -> Finding {
        do {
            let reader = try RecordingReader(path: path, leavesTornTail: true)
            var check = RecordingCheck(reader, allowsGaps: parsed.has("allow-gaps"))
            let fault = check.firstFault()
            return Finding(
                path: path, rowCount: check.rowCount, gapCount: check.gapCount, fault: fault)
        } catch {
            if case .failed = error {
                throw StartProblem(
                    error.isAbsence ? .inputMissing : .inputOutput, "\(path): \(error)")
            }
            return Finding(path: path, rowCount: 0, gapCount: 0, fault: RecordingFault(error))
        }
    }

    private func line(_ finding: Finding) -> String {
        guard let fault = finding.fault else {
            let gaps = finding.gapCount == 0 ? "" : ", with \(finding.gapCount) gaps"
            return "\(finding.path): all \(finding.rowCount) rows are in order\(gaps)"
        }
        let place = fault.offset.map { "in the frame at byte \($0): " } ?? ""
        let row = fault.kind.map { "\($0.name) \(fault.sequence ?? 0) " } ?? ""
        return "\(finding.path): \(place)\(row)\(fault.reason); "
            + "\(finding.rowCount) rows before are in order"
    }

    private func jsonText(_ findings: [Finding]) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("recordings")
        json.beginArray()
        for finding in findings {
            json.beginObject()
            json.member("recording", finding.path)
            json.member("isInOrder", finding.fault == nil)
            json.member("rows", finding.rowCount)
            json.member("gaps", finding.gapCount)
            if let fault = finding.fault {
                if let offset = fault.offset { json.member("frameAt", offset) }
                if let kind = fault.kind { json.member("kind", kind.name) }
                if let sequence = fault.sequence { json.member("sequence", sequence) }
                json.member("reason", fault.reason)
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
