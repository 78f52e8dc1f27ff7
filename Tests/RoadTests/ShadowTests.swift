import Foundation
import Glibc
import KeeperCodec
import KeeperModel
import RoadKit
import Testing

/// A second configuration that decides beside a keeper, on the road.
@Suite(.onTheRoad) struct ShadowTests {
    @Test func `a shadow that leaves every market alone proposes nothing and stops nobody`()
        async throws
    {
        let drill = try await Drill()
        let avoided = ["lend-main", "perp-btc"].map {
            #"{"market": "\#($0)", "reason": "not ours"}"#
        }
        try drill.writeShadow(#""avoid": ["# + avoided.joined(separator: ",") + "], ")
        let keeper = try drill.shadowedKeeper(["--live"])
        try await drill.waitForWins(4, in: "first.decisions", of: keeper)
        let status = try drill.program(
            ["status", "--json", "--config", Checkout.file("config.json")])
        #expect(try await status.end() == .exited(0))
        let said = drill.folder.text(of: "keeper.out")
        #expect(said.contains(#""shadow.proposedByBoth":0"#), "\(said)")
        #expect(said.contains(#""shadow.won":0"#))
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))

        let proposed = try drill.proposals(in: "first.decisions")
        #expect(proposed.count >= 4)
        #expect(
            drill.folder.text(of: "keeper.err").contains(
                "bailiff: shadow: 0 closes proposed by both, \(proposed.count) by the keeper "
                    + "alone, 0 by the shadow alone"), "\(drill.folder.text(of: "keeper.err"))")
        let shadow = drill.folder.text(of: "state/shadow.decisions")
        #expect(shadow.contains(#""reason":"listed""#))
        #expect(try drill.proposals(in: "state/shadow.decisions").isEmpty)
    }

    @Test func `beside a dry run the same settings propose the same, and nothing is sent`()
        async throws
    {
        let drill = try await Drill()
        try drill.writeShadow("")
        let keeper = try drill.shadowedKeeper([])
        try await drill.waitForWins(4, in: "first.decisions", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        let own = try drill.proposals(in: "first.decisions")
        let shadow = try drill.proposals(in: "state/dry/shadow.decisions")
        #expect(own.count >= 4 && own == shadow)
        #expect(
            drill.folder.text(of: "keeper.err").contains(
                "bailiff: shadow: \(own.count) closes proposed by both, 0 by the keeper alone, "
                    + "0 by the shadow alone"), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try await drill.finishedReport().writeCount == 0)
    }

    @Test func `a shadow of another venue is refused before anything starts`() async throws {
        let drill = try await Drill()
        try drill.writeShadow("")
        let text = drill.folder.text(of: "shadow.json")
        try drill.folder.write(
            text.replacing(/"domain": "[^"]+"/, with: #""domain": "elsewhere""#),
            to: "shadow.json")
        #expect(try await drill.shadowedKeeper([]).end() == .exited(78))
        #expect(drill.folder.text(of: "keeper.err").contains("is of elsewhere"))
        let replay = ["run", "--replay", "none", "--shadow", drill.folder.file("shadow.json")]
        #expect(try await drill.program(replay).end() == .exited(64))
    }
}

extension Drill {
    /// The checkout's configuration with more in it.
    fileprivate func writeShadow(_ more: String) throws {
        let config = try String(contentsOfFile: Checkout.file("config.json"), encoding: .utf8)
        try folder.write(
            config.replacing(/"state":/, maxReplacements: 1) { more + $0.output },
            to: "shadow.json")
    }

    fileprivate func shadowedKeeper(_ words: [String]) throws -> SpawnedProgram {
        try keeper(
            words + [
                "--shadow", folder.file("shadow.json"), "--decisions",
                folder.file("first.decisions"),
            ])
    }

    /// Which accounts in which versions somebody wanted to close.
    fileprivate func proposals(in name: String) throws -> Set<String> {
        var found: Set<String> = []
        for line in folder.text(of: name).split(separator: "\n") {
            let decision = try Decision(jsonBytes: Array(line.utf8))
            guard case .proposed = decision.verdict else { continue }
            found.insert("\(decision.target.account) \(decision.accountVersion)")
        }
        return found
    }
}
