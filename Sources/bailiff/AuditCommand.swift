import FoundationEssentials
import KeeperCodec
import KeeperCommands
import KeeperConsole
import KeeperRuntime

/// `audit verify`: whether every line of the audit log follows from the one before it.
struct AuditCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        guard parsed.arguments[0] == "verify" else {
            throw UsageError("'audit' knows verify; found '\(parsed.arguments[0])'")
        }
        let place = try KeeperPlace(parsed, environment)
        let path = place.folder + "/" + AuditLog.fileName
        guard FileManager.default.fileExists(atPath: path) else {
            throw StartProblem(.inputMissing, "\(path): is not there; has a keeper run here?")
        }
        // The file is there, so that what stands in the way is a right to read it.
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw StartProblem(.permission, "\(path): cannot be read by this user")
        }
        let reading = AuditReading([UInt8](data))
        show(reading, path)
        return reading.damage == nil ? .done : .difference
    }

    private func show(_ reading: AuditReading, _ path: String) {
        guard !parsed.has("json") else {
            var json = JSONWriter()
            json.beginObject()
            json.member("schemaVersion", UInt64(1))
            json.member("lines", reading.head.lineCount)
            json.member("head", Hex.encode(reading.head.hash))
            json.member("tornBytes", UInt64(reading.tornByteCount))
            if let damage = reading.damage { json.member("damage", damage) }
            json.endObject()
            _ = StandardStream.output.line(
                String(decoding: json.finish(), as: UTF8.self))
            return
        }
        StandardStream.output.line(
            reading.damage.map { "\(path): \($0)" }
                ?? "\(path): \(reading.head.lineCount) lines, head \(Hex.encode(reading.head.hash))"
        )
    }
}
