import Foundation
import Glibc
import KeeperJournal
import RoadKit
import Testing

/// The program that runs dry cannot send: it has nothing to sign with and nothing to write with, so
/// no setting and no mistake can make it. Shown by what is linked, and by what a venue counts.
@Suite(.onTheRoad) struct DryProgramTests {
    /// Rooms as they stand in mangled names, and the libraries behind them.
    static let ofSending = ["12KeeperSigner", "15KeeperWriteDoor", "12VenueWriters", "botan_"]

    @Test(.enabled(if: hasBinutils, "nm is not there"), arguments: ofSending + ["secp256k1"])
    func `bailiff has no symbol of what signs and writes`(_ part: String) async throws {
        #expect(try await symbols(of: "bailiff").contains(part) == false)
    }

    @Test(.enabled(if: hasBinutils, "nm is not there"), arguments: ofSending)
    func `the same question finds it where it is`(_ part: String) async throws {
        #expect(try await symbols(of: "bailiff-live").contains(part))
    }

    @Test(arguments: [("bailiff", false), ("bailiff-live", true)])
    func `only the live program loads the library that signs`(
        _ program: String, _ loads: Bool
    ) async throws {
        let libraries = try await output(of: "/usr/bin/ldd", [try Checkout.program(program)])
        #expect(libraries.contains("libsqlite3"))
        #expect(libraries.contains("libbotan") == loads)
    }

    @Test func `a venue counts no write of a dry run, however often it runs`() async throws {
        let drill = try await Drill()
        for run in ["first", "second"] {
            let keeper = try drill.keeper(["--decisions", drill.folder.file(run)])
            try await drill.waitForWins(2, in: run, of: keeper)
            keeper.send(SIGTERM)
            #expect(
                try await keeper.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        }
        let report = try await drill.finishedReport()
        #expect(report.writeCount == 0)
        #expect(report.fills.isEmpty)
        let books = try Journal(path: drill.folder.file("state/dry/journal.sqlite"))
        #expect(try books.closes().count { $0.realisedUnits != nil } >= 2)
        #expect(!FileManager.default.fileExists(atPath: drill.folder.file("state/journal.sqlite")))
    }

    static let hasBinutils = access("/usr/bin/nm", X_OK) == 0

    private func symbols(of program: String) async throws -> String {
        let path = try Checkout.program(program)
        return try await output(of: "/usr/bin/nm", [path])
            + output(of: "/usr/bin/nm", ["--dynamic", path])
    }

    private func output(of tool: String, _ words: [String]) async throws -> String {
        let folder = try TemporaryFolder()
        let program = try SpawnedProgram(
            at: tool, words, variables: [:], output: folder.file("out"),
            errors: folder.file("err"))
        #expect(try await program.end() == .exited(0), "\(folder.text(of: "err"))")
        return folder.text(of: "out")
    }
}
