import KeeperCodec
import KeeperCommands
import KeeperConsole
import KeeperRuntime

/// `doctor`: looks at everything, and ends with the code of the first thing that is bad.
struct DoctorCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let findings = try findings()
        if parsed.has("json") {
            StandardStream.output.line(json(findings))
        } else {
            for finding in findings { StandardStream.output.line(finding.line) }
        }
        return findings.first { $0.verdict == .bad }?.code ?? .done
    }

    private func findings() throws -> [Finding] {
        let path = parsed.value("config") ?? "config.json"
        let check = ConfigCheck(path: path, environment: environment)
        let problems = check.configProblems + check.strategyProblems
        let first: [Finding] =
            problems.isEmpty
            ? [.good("config", "\(path): good")]
            : problems.map { .bad("config", $0, check.code) }
        guard check.configProblems.isEmpty else { return first + [MachineDoctor.descriptors()] }
        let place = try KeeperPlace(parsed, environment)
        return first + [
            MachineDoctor.disk(place.folder), MachineDoctor.books(place.folder),
            MachineDoctor.audit(place.folder),
        ] + MachineDoctor.keys(place.config, environment) + [
            MachineDoctor.descriptors()
        ] + VenueDoctor.findings(place.config) + FeedDoctor.findings(place.config)
    }

    private func json(_ findings: [Finding]) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("findings")
        json.beginArray()
        for finding in findings { finding.write(to: &json) }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
