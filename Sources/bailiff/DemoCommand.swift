import FoundationEssentials
import Glibc
import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperRuntime
import KeeperTransport
import WideMath

/// `demo`: the reference venue and the keeper as two real processes on loopback, ten minutes of a
/// crash at ten times the speed, then the books of both laid beside each other.
struct DemoCommand {
    private let environment: [String: String]
    private let folder: String

    private static let clockFactor = 10
    private static let lastHeight = 600

    init(_ environment: [String: String]) throws(StartProblem) {
        self.environment = environment
        let base = environment["TMPDIR"] ?? "/tmp"
        var template = Array((base + "/bailiff-demo-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StartProblem(.cannotCreate, "\(base): no folder for the demo can be made there")
        }
        folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func run() throws -> ExitCode {
        try makeKey()
        let clock = "\(SystemClock.machineTime().nanoseconds / 1_000_000),\(Self.clockFactor)"
        let venue = try SisterProgram(.venue).start([
            "venue", "--scenario", "scenarios/crash.json", "--port", "0", "--port-file",
            folder + "/port", "--keys", folder + "/keys", "--clock", clock, "--report",
            folder + "/venue.json",
        ])
        defer { removeFolder() }
        let keeperCode = try runKeeper(venue, clock)
        venue.terminate()
        let venueCode = venue.wait()
        guard keeperCode == 0, venueCode == 0 else {
            throw StartProblem(
                .failed, "the keeper ended with \(keeperCode), the venue with \(venueCode)")
        }
        return try reconcile()
    }

    private func runKeeper(_ venue: ChildProcess, _ clock: String) throws -> Int32 {
        do {
            let port = try waitForPort(venue)
            let keeper = try SisterProgram(.live).start(
                ["run", "--live", "--clock", clock, "--until-height", "\(Self.lastHeight)"],
                variables: variables(port: port))
            return keeper.wait()
        } catch {
            venue.terminate()
            _ = venue.wait()
            throw error
        }
    }

    private func variables(port: String) -> [String: String] {
        [
            "BAILIFF__VENUE__URL": "http://127.0.0.1:\(port)",
            "BAILIFF__STATE": folder + "/state",
            "BAILIFF__LIVE__ENABLED": "true",
            "BAILIFF__LIVE__KEY__FILE": folder + "/keeper.key",
        ]
    }

    // MARK: Before

    /// A key of its own, and the line by which the venue knows it.
    private func makeKey() throws {
        let file = folder + "/keeper.key"
        let output = folder + "/public"
        let made = try SisterProgram(.live).start(["keys", "new", file], outputTo: output)
        guard made.wait() == 0 else {
            throw StartProblem(.failed, "no key could be made in \(folder)")
        }
        let publicKey = try text(of: output)
        try write("keeper-1 \(publicKey)\n", to: folder + "/keys")
    }

    /// The venue says where it listens as soon as it does.
    private func waitForPort(_ venue: ChildProcess) throws -> String {
        for _ in 0..<200 {
            // Until the venue listens there is no file; then it appears whole.
            if let port = try? text(of: folder + "/port"), !port.isEmpty { return port }
            guard venue.isRunning else {
                throw StartProblem(.unavailable, "the venue ended before it listened")
            }
            usleep(50_000)
        }
        throw StartProblem(.unavailable, "the venue did not listen within ten seconds")
    }

    // MARK: After

    private func reconcile() throws -> ExitCode {
        let workplace = try Workplace(
            configPath: "config.json",
            environment: environment.merging(variables(port: "0")) { $1 })
        let unit = workplace.config.unitOfAccount
        let (journal, _) = try Station.existingBooks(in: folder + "/state")
        let revenue = try RevenueReport(journal, unit: unit)
        for line in [""] + revenue.lines { StandardStream.output.line(line) }
        let statement = try VenueReportFile.statement(
            in: Array(Data(contentsOf: URL(filePath: folder + "/venue.json"))),
            domain: workplace.config.venue.domain, keeper: workplace.config.live.keyID)
        let report = ReconciliationReport(try journal.reconcile(against: statement), unit: unit)
        for line in [""] + report.lines { StandardStream.output.line(line) }
        let isWhole = report.isClean && revenue.unexplainedUnits.isZero && revenue.closeCount > 0
        return isWhole ? .done : .difference
    }

    private func text(of path: String) throws -> String {
        let text = String(
            decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        return String(text.split(whereSeparator: \.isNewline).first ?? "")
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    private func removeFolder() {
        // Left behind where it cannot be removed; it holds a demo's key and books, nothing of
        // worth.
        try? FileManager.default.removeItem(atPath: folder)
    }
}
