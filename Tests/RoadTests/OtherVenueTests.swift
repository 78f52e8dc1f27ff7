import Foundation
import Glibc
import KeeperCodec
import KeeperModel
import RoadKit
import Testing

/// A venue that somebody else wrote, in another language, from the OpenAPI page alone: the keeper
/// closes an account there as it does at home.
@Suite(.onTheRoad) struct OtherVenueTests {
    @Test func `an account is closed at a venue that shares no code with ours`() async throws {
        let venue = try await SmallVenue()
        let keeper = try venue.keeper(["--live", "--decisions", venue.folder.file("decisions")])
        try await wait(for: "a close that won") {
            guard keeper.endingNow() == nil else {
                throw RoadProblem("the keeper ended: " + venue.folder.text(of: "keeper.err"))
            }
            return venue.folder.text(of: "decisions").contains(#""ending":"won""#)
        }
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0), "\(venue.folder.text(of: "keeper.err"))")
        let report = try venue.report()
        #expect(report.settledCount == 1)
        #expect(try await venue.wonCount() == 1)
        // Five percent of the collateral came in for less than one percent of slippage.
        #expect(report.usd > 60_000_000_000)
        #expect(report.eth == "0", "what was seized was sold")
    }

    /// A program that was written from the page, beside the reference venue.
    @Test func `what the reference venue signs is checked by a program that knows its page alone`()
        async throws
    {
        let drill = try await Drill()
        try drill.setFaults(#"{"crowdCloses": 2}"#)
        let url = "http://127.0.0.1:\(drill.port)"
        func check(_ words: [String]) async throws -> SpawnedProgram.Ending {
            let program = try SpawnedProgram(
                at: "/usr/bin/env",
                ["python3", "-B", Checkout.file("Tests/OtherVenues/check_settlements.py"), url]
                    + words,
                variables: [:], output: drill.folder.file("check.out"),
                errors: drill.folder.file("check.err"))
            return try await program.end()
        }
        func said() -> Substring {
            drill.folder.text(of: "check.out").split(separator: "\n").last ?? ""
        }
        var rounds = 0
        repeat {
            rounds += 1
            let errors = { drill.folder.text(of: "check.err") }
            #expect(try await check([]) == .exited(0), "\(errors())")
        } while said().hasPrefix("0 ") && rounds < 100
        #expect(said().hasSuffix(" settlements, chained and signed"))
        #expect(!said().hasPrefix("0 "))
        #expect(try await check([String(repeating: "58", count: 32)]) == .exited(1))
        #expect(drill.folder.text(of: "check.err").contains("settlement 1 is not signed by 5858"))
    }

    @Test func `that venue keeps the promises it makes`() async throws {
        let venue = try await SmallVenue()
        let words = [
            "venue-conformance", venue.url, "--keys", venue.folder.file("keeper.key"), "--key-id",
            "keeper-1", "--json",
        ]
        #expect(try await venue.program(words).end() == .exited(2))
        var report = try JSONReader(
            try JSONValue.parse(venue.folder.bytes(of: "keeper.out"))
        ).object()
        let broken = try report.required("checks").array().filter { reader in
            var check = try reader.object()
            return try check.string("verdict") == "broken"
        }
        // It has no buckets. Everything else it keeps, or says that it does not offer it.
        #expect(try broken.map { try $0.name } == ["rate-limits"])
        #expect(try report.uint64("kept") >= 22)
    }
}

extension JSONReader {
    fileprivate var name: String {
        get throws {
            var check = try object()
            return try check.string("check")
        }
    }
}

/// `Tests/OtherVenues/small_venue.py` as a process, and programs of ours that speak with it.
private final class SmallVenue {
    struct Report {
        let settledCount: UInt64
        let usd: Int64
        let eth: String
    }

    let folder: TemporaryFolder
    let url: String
    private let process: SpawnedProgram

    init() async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let made = try SpawnedProgram(
            "bailiff", ["keys", "new", folder.file("keeper.key")], variables: [:],
            output: folder.file("public"), errors: folder.file("keys.err"))
        guard try await made.end() == .exited(0) else {
            throw RoadProblem("no key: " + folder.text(of: "keys.err"))
        }
        let key = String(folder.text(of: "public").dropLast())
        let process = try SpawnedProgram(
            at: "/usr/bin/env",
            [
                "python3", "-B", Checkout.file("Tests/OtherVenues/small_venue.py"),
                folder.file("port"), folder.file("report"), "keeper-1", key,
            ],
            variables: [:], output: folder.file("venue.out"), errors: folder.file("venue.err"))
        self.process = process
        try await wait(for: "the venue's port") {
            guard process.endingNow() == nil else {
                throw RoadProblem("the venue ended: " + folder.text(of: "venue.err"))
            }
            return folder.text(of: "port").hasSuffix("\n")
        }
        url = "http://127.0.0.1:\(folder.text(of: "port").dropLast())"
    }

    /// `bailiff run` against it, on the machine's own clock.
    func keeper(_ words: [String]) throws -> SpawnedProgram {
        try program(["run", "--config", Checkout.file("config.json")] + words)
    }

    func program(_ words: [String]) throws -> SpawnedProgram {
        try SpawnedProgram(
            "bailiff", words,
            variables: [
                "BAILIFF__VENUE__URL": url, "BAILIFF__STATE": folder.file("state"),
                "BAILIFF__STRATEGIES__FOLDER": Checkout.file("strategies"),
                "BAILIFF__LIVE__ENABLED": "true",
                "BAILIFF__LIVE__KEY__FILE": folder.file("keeper.key"),
            ],
            output: folder.file("keeper.out"), errors: folder.file("keeper.err"))
    }

    /// The keeper's own books.
    func wonCount() async throws -> UInt64 {
        let told = try SpawnedProgram(
            "bailiff",
            ["revenue", "--json", "--state", folder.file("state")], variables: [:],
            output: folder.file("revenue"), errors: folder.file("revenue.err"))
        guard try await told.end() == .exited(0) else {
            throw RoadProblem("no books: " + folder.text(of: "revenue.err"))
        }
        var document = try JSONReader(try JSONValue.parse(folder.bytes(of: "revenue"))).object()
        return try document.uint64("closes")
    }

    /// What the venue wrote last; it writes at every height.
    func report() throws -> Report {
        var document = try JSONReader(try JSONValue.parse(folder.bytes(of: "report"))).object()
        var balances = try document.required("balances").object()
        return Report(
            settledCount: try document.uint64("settledCount"),
            usd: try balances.quotedInteger("USD"), eth: try balances.string("ETH"))
    }
}
