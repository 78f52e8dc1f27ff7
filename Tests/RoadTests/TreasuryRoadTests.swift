import Foundation
import Glibc
import KeeperCodec
import KeeperJournal
import KeeperModel
import RoadKit
import Testing
import WideMath

/// Real programs that move things between a keeper's purses, by hand, by themselves, and killed.
@Suite(.onTheRoad) struct TreasuryRoadTests {
    @Test func `a plan is applied by its name alone, audited, and explained to the unit`()
        async throws
    {
        let drill = try await Drill()
        let config = try drill.treasuryConfig(isAutomatic: false)
        let keeper = try drill.keeper(
            ["--live", "--decisions", drill.folder.file("said")], config: config)
        let plan = try await drill.waitForPlan(config)
        let (unknown, words) = try await drill.refusal(
            "treasury apply 0000000000000000", config: config)
        #expect(unknown == 1)
        #expect(words.contains("look at it again"))
        _ = try await drill.answer("pause", config: config)
        let paused = try #require(try await drill.waitForPlan(config)["plan"]?.text)
        let (stopped, _) = try await drill.refusal("treasury apply \(paused)", config: config)
        #expect(stopped == 75)
        #expect(plan["automatic"] == .bool(false))
        _ = try await drill.answer("resume", config: config)

        let applied = try await drill.applyWhatIsShown(config)
        let listed = try await drill.waitForAnswer("treasury list", config: config) { list in
            list["transfers"]?.elements.first?["ending"]?.text == "won"
        }
        #expect(listed["transfers"]?.elements.first?["direction"]?.text == "sweep")
        #expect(drill.folder.text(of: "state/audit.jsonl").contains(applied))
        try await drill.waitForWins(3, in: "said", of: keeper)
        keeper.send(SIGTERM)
        #expect(try await keeper.end() == .exited(0))
        #expect(try await drill.complaintsAboutBooks() == [])
    }

    @Test(arguments: [
        "intent-approved", "intent-written", "attempt-durable", "close-handed-over",
        "answer-arrived", "ending-known",
    ])
    func `a keeper that is killed at any step of a transfer moves it once`(
        point: String
    ) async throws {
        let drill = try await Drill()
        let config = try drill.treasuryConfig(isAutomatic: true)
        let first = try drill.keeper(["--live"], crashingAt: point, config: config)
        #expect(try await first.end() == .killed(by: SIGKILL))
        let last = try drill.keeper(
            ["--live", "--decisions", drill.folder.file("last")], config: config)
        try await drill.waitForWins(3, in: "last", of: last)
        // One that was never answered is voided, and after its rest another is made.
        _ = try await drill.waitForAnswer("treasury list", config: config) { list in
            list["transfers"]?.elements.contains { $0["ending"]?.text == "won" } ?? false
        }
        last.send(SIGTERM)
        #expect(try await last.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
        #expect(try await drill.complaintsAboutBooks() == [])
        let moved = try drill.journal().transfers().filter(\.isBooked)
            .reduce(UInt256.zero) { $0 + $1.transfer.amount }
        #expect(!moved.isZero && moved <= 40_000_000_000, "what a day may move")
    }
}

extension Drill {
    /// The house's configuration with a purse of 60,000 USD that is to hold 20,000.
    fileprivate func treasuryConfig(isAutomatic: Bool) throws -> String {
        let config = try ownConfig()
        try change(
            config, "\"guards\": {\"priceAge\"",
            to: """
                "treasury": {
                    "automatic": \(isAutomatic), "coolDown": "1 s", "gasPerTransfer": "1 USD",
                    "assets": [
                        {"asset": "USD", "decimals": 6, "floor": "100 USD", "target": "20000 USD",
                         "ceiling": "30000 USD", "perTransfer": "40000 USD",
                         "perDay": "40000 USD"},
                    ],
                },
                "guards": {"priceAge"
                """)
        return config
    }

    /// Until the keeper listens, and its venue has said what is in the purses.
    fileprivate func waitForPlan(_ config: String) async throws -> JSONValue {
        for _ in 0..<200 {
            // Until it listens there is no answer.
            if let said = try? await answer("treasury plan", config: config),
                said["assets"]?.elements.first?["now"]?.text == "sweep"
            {
                return said
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw RoadProblem("no plan: " + folder.text(of: "keeper.err"))
    }

    /// A close may change the plan between the look and the word: then it is looked at again.
    fileprivate func applyWhatIsShown(_ config: String) async throws -> String {
        for _ in 0..<20 {
            let name = try #require(try await waitForPlan(config)["plan"]?.text)
            // Refused is what a plan is that changed; the next look shows another.
            if let said = try? await answer("treasury apply \(name)", config: config) {
                #expect(said["begun"] == said["transfers"])
                return name
            }
        }
        throw RoadProblem("the plan changed with every look")
    }
}
