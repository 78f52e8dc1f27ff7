import Foundation
import Glibc
import KeeperCodec
package import KeeperJournal
package import KeeperModel
import KeeperRuntime
import KeeperTransport
import KeeperWriteDoor

/// A venue that plays `scenarios/drill.json`, and keepers that come and go: real processes, one
/// folder, loopback.
package final class Drill {
    package let folder: TemporaryFolder
    package let venue: SpawnedProgram
    package let clock: String
    private let speed: Int
    /// When the venue's clock began.
    package let originMilliseconds: Int64
    package let port: String
    /// What a keeper is told in its environment.
    package private(set) var variables: [String: String]

    package static let domain = DomainID("venue")
    package static let keeperName = "keeper-1"

    /// At three times real time a height lasts a sixth of a second, and the whole drill twenty; or
    /// so many times as long, with as much slower a fall.
    package convenience init(speed: Int = 3, lastingTimes factor: Int = 1) async throws {
        let scenario = try String(
            contentsOfFile: Checkout.file("scenarios/drill.json"), encoding: .utf8)
        try await self.init(scenario: Self.stretched(scenario, factor), speed: speed)
    }

    /// Another scenario than the drill's own. The venue may be told more.
    package init(
        scenario: String, speed: Int, venueWords: [String] = [],
        portWithin seconds: Int = 60, originMilliseconds origin: Int64? = nil
    ) async throws {
        folder = try TemporaryFolder()
        try folder.write(scenario, to: "scenario.json")
        try await Self.makeKey(in: folder)
        originMilliseconds = origin ?? Int64(Date().timeIntervalSince1970 * 1_000)
        self.speed = speed
        clock = "\(originMilliseconds),\(speed)"
        let file = folder.file
        venue = try SpawnedProgram(
            "bailiff-venue",
            [
                "--scenario", file("scenario.json"), "--port", "0", "--port-file", file("port"),
                "--keys", file("keys"), "--clock", clock, "--report", file("report.json"),
                "--test-switches",
            ] + venueWords,
            variables: [:], output: file("venue.out"), errors: file("venue.err"))
        let (folder, venue) = (folder, venue)
        try await wait(for: "the venue's port", within: seconds) {
            guard venue.endingNow() == nil else {
                throw RoadProblem("the venue ended: " + folder.text(of: "venue.err"))
            }
            return folder.text(of: "port").hasSuffix("\n")
        }
        port = String(folder.text(of: "port").dropLast())
        variables = [
            "BAILIFF__VENUE__URL": "http://127.0.0.1:\(port)",
            "BAILIFF__STATE": folder.file("state"),
            "BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies"),
            "BAILIFF__LIVE__ENABLED": "true",
            "BAILIFF__LIVE__KEY__FILE": folder.file("keeper.key"),
        ]
    }

    package static func stretched(_ scenario: String, _ factor: Int) -> String {
        scenario.replacing(/"(height|heights)": (\d+)([,}])/) { match in
            "\"\(match.1)\": \((Int(match.2) ?? 0) * factor)\(match.3)"
        }
    }

    /// A key of its own, and the line by which the venue knows it.
    private static func makeKey(in folder: TemporaryFolder) async throws {
        let made = try SpawnedProgram(
            "bailiff", ["keys", "new", folder.file("keeper.key")], variables: [:],
            output: folder.file("public"), errors: folder.file("keys.err"))
        guard try await made.end() == .exited(0) else {
            throw RoadProblem("no key: " + folder.text(of: "keys.err"))
        }
        try folder.write(keeperName + " " + folder.text(of: "public"), to: "keys")
    }

    // MARK: Keepers

    /// `bailiff run`, dry unless the words say `--live`, on the venue's clock.
    package func keeper(
        _ words: [String], crashingAt point: String? = nil, config: String? = nil,
        variables: [String: String] = [:], isKeyByFile: Bool = true, errors: String? = nil,
        clock: String? = nil
    ) throws -> SpawnedProgram {
        // An override replaces what the configuration has; it cannot name another kind of key.
        if !isKeyByFile { self.variables["BAILIFF__LIVE__KEY__FILE"] = nil }
        let settings = [
            "--config", config ?? Checkout.file("config.json"), "--clock", clock ?? self.clock,
        ]
        return try program(
            ["run"] + settings + words, crashingAt: point, variables: variables, errors: errors)
    }

    /// A clock that is so far ahead of the venue's, and as fast.
    package func clock(ahead seconds: Int64) -> String {
        "\(originMilliseconds - seconds * 1_000 / Int64(speed - 1)),\(speed)"
    }

    /// `bailiff record` on the venue's clock.
    package func recorder(_ file: String, untilHeight height: UInt64) throws -> SpawnedProgram {
        try program([
            "record", file, "--config", Checkout.file("config.json"), "--clock", clock,
            "--until-height", "\(height)",
        ])
    }

    /// Any command with this drill's settings. What it says is in `keeper.out` and `keeper.err`.
    package func program(
        _ words: [String], crashingAt point: String? = nil,
        variables more: [String: String] = [:], errors: String? = nil
    ) throws -> SpawnedProgram {
        var variables = variables.merging(more) { $1 }
        variables[CrashPoint.variable] = point
        return try SpawnedProgram(
            "bailiff", words, variables: variables,
            output: folder.file("keeper.out"),
            errors: errors ?? folder.file("keeper.err"))
    }

    /// Waits until a file of decisions, which is written about once a second, says it so often.
    package func waitForDecisions(
        _ part: String, _ count: Int, in name: String, of keeper: SpawnedProgram
    ) async throws {
        try await wait(for: "\(part), \(count) times") {
            guard keeper.endingNow() == nil else {
                throw RoadProblem("the keeper ended: " + folder.text(of: "keeper.err"))
            }
            return folder.text(of: name).count(of: part) >= count
        }
    }

    package func waitForWins(_ count: Int, in name: String, of keeper: SpawnedProgram) async throws
    {
        try await waitForDecisions(#""ending":"won""#, count, in: name, of: keeper)
    }

    package func journal() throws -> Journal {
        try Journal(path: folder.file("state/journal.sqlite"))
    }

    // MARK: The venue

    /// It takes connections and says nothing, until it goes on.
    package func stopVenue() { venue.send(SIGSTOP) }
    package func letVenueGoOn() { venue.send(SIGCONT) }

    /// `{"dropReplies": 3}` and its kin, see `TestFaults`.
    package func setFaults(_ json: String) throws {
        let endpoint = try Endpoint(
            name: EndpointName("venue"), baseURL: "http://127.0.0.1:\(port)")
        let head = try RequestHead(endpoint, path: "/v1/test/faults")
        let reactor = Reactor()
        var status: Int?
        reactor.start(WriteRequest(.put, head, body: Array(json.utf8))) { result in
            status = (try? result.get()).map { Int($0.status) } ?? 0  // 0: there was no reply.
        }
        let end = MonotonicTime.now() + .seconds(10)
        while status == nil, MonotonicTime.now() < end {
            reactor.runOnce(waitingAtMost: .milliseconds(50))
        }
        guard status == 200 else { throw RoadProblem("faults: status \(status ?? 0)") }
    }

    /// Ends the venue and reads what it wrote about everybody.
    package func finishedReport(as domain: DomainID = Drill.domain) async throws -> VenueReport {
        venue.send(SIGTERM)
        guard try await venue.end(within: 30) == .exited(0) else {
            throw RoadProblem("the venue's end: " + folder.text(of: "venue.err"))
        }
        return try VenueReport(
            folder.bytes(of: "report.json"), keeper: Self.keeperName, domain: domain)
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}

/// What the venue says when it ends.
package struct VenueReport {
    package let statement: VenueStatement
    package let fills: Set<Fill>
    package let writeCount: UInt64

    init(_ bytes: [UInt8], keeper: String, domain: DomainID) throws {
        statement = try VenueReportFile.statement(in: bytes, domain: domain, keeper: keeper)
        var report = try JSONReader(try JSONValue.parse(bytes)).object()
        var requests = try report.required("requests").object()
        writeCount = try requests.uint64("writes")
        var fills: Set<Fill> = []
        for element in try report.required("closes").array() {
            var close = try element.object()
            let clientID: ClientID = try close.value("clientId")
            // Others close too.
            guard try close.required("keeper").string == keeper else { continue }
            if case .settled(let receipt) = try close.value("answer") as CloseAnswer {
                fills.insert(Fill(clientID: clientID, id: receipt.fillID))
            }
        }
        self.fills = fills
    }
}
