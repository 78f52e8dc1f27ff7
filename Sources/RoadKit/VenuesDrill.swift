import Foundation
package import KeeperCodec
package import KeeperJournal
package import KeeperModel
import KeeperRuntime

/// Several venues, each a process with its own key, and one keeper of them all.
package final class VenuesDrill {
    package let domains: [DomainID]
    package let drills: [Drill]
    package let folder: TemporaryFolder
    private let clock: String
    private let variables: [String: String]

    /// A scenario for each domain; all share a clock.
    package init(
        _ domains: [String], scenarios: [String], speed: Int, portWithin seconds: Int = 60
    ) async throws {
        precondition(domains.count == scenarios.count, "Each venue plays something")
        self.domains = domains.map { DomainID($0) }
        folder = try TemporaryFolder()
        let origin = Int64(Date().timeIntervalSince1970 * 1_000)
        clock = "\(origin),\(speed)"
        var drills: [Drill] = []
        for scenario in scenarios {
            drills.append(
                try await Drill(
                    scenario: scenario, speed: speed, portWithin: seconds,
                    originMilliseconds: origin))
        }
        self.drills = drills
        variables = [
            "BAILIFF__STATE": folder.file("state"),
            "BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies"),
            "BAILIFF__LIVE__ENABLED": "true",
        ]
    }

    package subscript(domain: String) -> Drill {
        guard let index = domains.firstIndex(where: { $0.text == domain }) else {
            preconditionFailure("The drill has a venue '\(domain)'")
        }
        return drills[index]
    }

    // MARK: Keepers

    /// A configuration of all venues, some behind another port than their own.
    package func config(
        _ name: String, ports: [String: UInt16] = [:],
        changing change: (inout ChangedFile) throws -> Void = { _ in }
    ) throws -> String {
        var config = try ChangedFile("config.json")
        try config.remove("venue")
        let venues = zip(domains, drills).map { domain, drill in
            let port = ports[domain.text].map { "\($0)" } ?? drill.port
            return JSONValue.object([
                JSONMember("domain", .string(domain.text)),
                JSONMember("url", .string("http://127.0.0.1:\(port)")),
                JSONMember(
                    "key",
                    .object([JSONMember("file", .string(drill.folder.file("keeper.key")))])),
            ])
        }
        try config.add("venues", .array(venues))
        try change(&config)
        try folder.write(config.text, to: name)
        return folder.file(name)
    }

    /// `bailiff run` with it, and with the venues' clock.
    package func keeper(
        _ words: [String], config: String, variables: [String: String] = [:]
    ) throws -> SpawnedProgram {
        try program(["run", "--config", config, "--clock", clock] + words, variables: variables)
    }

    package func program(
        _ words: [String], variables more: [String: String] = [:]
    ) throws -> SpawnedProgram {
        try SpawnedProgram(
            "bailiff", words, variables: variables.merging(more) { $1 },
            output: folder.file("keeper.out"), errors: folder.file("keeper.err"))
    }

    /// What a command prints as JSON; nil where it is refused, or nobody is there to answer.
    package func answer(_ words: String, config: String) async throws -> JSONValue? {
        let output = folder.file("asked.out")
        try folder.write("", to: "asked.out")
        let asked = try SpawnedProgram(
            "bailiff",
            words.split(separator: " ").map(String.init) + ["--json", "--config", config],
            variables: variables, output: output, errors: folder.file("asked.err"))
        guard try await asked.end() == .exited(0) else { return nil }
        return try JSONValue.parse(try folder.bytes(of: "asked.out"))
    }

    /// Asks for the status until it is such.
    @discardableResult
    package func waitForStatus(
        _ what: String, config: String, of keeper: SpawnedProgram, within seconds: Int = 60,
        until isSo: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            guard keeper.endingNow() == nil else {
                throw RoadProblem("the keeper ended: " + folder.text(of: "keeper.err"))
            }
            let said = try await answer("status", config: config)
            if let said, isSo(said) { return said }
            guard ContinuousClock.now < end else {
                throw RoadProblem(
                    "\(what): not within \(seconds) s: \(said.map { "\($0)" } ?? "no answer")")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// So many closes won at a domain, by a file of decisions.
    package func winCount(at domain: String, in name: String) throws -> Int {
        try folder.text(of: name).split(separator: "\n").count { line in
            guard line.contains(#""ending":"won""#) else { return false }
            return try Decision(jsonBytes: Array(line.utf8)).target.domain.text == domain
        }
    }

    package func waitForWins(
        _ count: Int, at domain: String, in name: String, of keeper: SpawnedProgram,
        within seconds: Int = 60
    ) async throws {
        try await wait(for: "\(count) closes won at \(domain)", within: seconds) {
            guard keeper.endingNow() == nil else {
                throw RoadProblem("the keeper ended: " + folder.text(of: "keeper.err"))
            }
            return try winCount(at: domain, in: name) >= count
        }
    }

    // MARK: The end

    package func journal() throws -> Journal {
        try Journal(path: folder.file("state/journal.sqlite"))
    }

    /// Ends the venues; what must hold of the books of each, whatever happened before.
    package func complaintsAboutBooks() async throws -> [String] {
        var reports: [VenueReport] = []
        for (domain, drill) in zip(domains, drills) {
            reports.append(try await drill.finishedReport(as: domain))
        }
        let journal = try journal()
        return try reports.flatMap { report in
            try Drill.complaints(of: report, about: journal).map {
                "\(report.statement.domain): \($0)"
            }
        }
    }
}
