import Foundation
import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// The rows about the life of a close.
extension OtherKeepersDefects {
    @Test(
        arguments: [
            (RefusalClass.healthy, 200), (.staleVersion, 200), (.slippage, 2_000),
            (.insufficientFunds, 2_000), (.marketClosed, 30_000), (.malformed, 600_000),
        ] as [(RefusalClass, Int64)])
    func `row 3: a target rests only after a failure that has a class, as long as that says`(
        refusal: RefusalClass, milliseconds: Int64
    ) {
        var script = EngineScript()
        let key = script.sent()
        #expect(script.coolDownDelays.isEmpty, "an attempt is no failure")
        script.tell(.closeAnswered(key, .unknown(evidence: "timed out")))
        #expect(script.coolDownDelays.isEmpty, "nor is silence")
        script.tell(.closeAnswered(key, .refused(Refusal(refusal, detail: ""))))
        #expect(script.coolDownDelays == [milliseconds])
    }

    @Test func `row 7: closes that go out together have each their own nonce`() {
        let accounts = (0..<5).map {
            EngineScript.borrower(
                "a\($0)", owes: 1_700_000_000, against: EngineScript.ether())
        }
        var script = ChainTests.script(
            wallet: [("USD", 90_000_000_000), ("ETH", EngineScript.ether())], accounts: accounts)
        let keys = script.persists
        #expect(keys.count == 5)
        for key in keys { script.tell(.intentDurable(key)) }
        #expect(script.attempts.compactMap(\.bid?.nonce) == [7, 8, 9, 10, 11])
        #expect(script.submits == keys, "none is lost")
        // The chain is behind while they wait, and that gives none of them out again.
        script.tell(.chainReported(ChainTests.news(gwei: 10, nonce: 7)), height: 6)
        script.tell(
            .accountsChanged(
                EngineScript.market,
                changed: [
                    EngineScript.borrower("b", owes: 1_700_000_000, against: EngineScript.ether())
                ], removed: []), height: 6)
        script.tell(.intentDurable(script.proposed()))
        #expect(script.attempts.last?.bid?.nonce == 12)
    }

    @Test func `row 8: won is said of what a final inclusion shows, and of nothing else`() {
        var script = ChainTests.script()
        let key = script.sent()
        for answer in [.accepted, .unknown(evidence: "no receipt"), .notFound] as [CloseAnswer] {
            script.tell(.closeAnswered(key, answer))
            #expect(script.conclusions.isEmpty && script.booked.isEmpty, "\(answer)")
        }
        let failed = Inclusion(
            result: .reverted(Refusal(.healthy, detail: "")),
            receipt: ChainTests.gas(key, height: 6))
        script.tell(.closeAnswered(key, .included(failed, isFinal: true)), height: 9)
        #expect(script.conclusions == [key.text + " reverted-healthy"], "included is not won")
    }

    @Test func `row 18: a loss and failed gas count against the limits`() {
        let limits = EngineScript.limits()
        var script = ChainTests.script()
        let key = script.sent()
        let movement = Movement(
            asset: AssetID("ETH"), amount: -9, cause: .gas,
            valueUnits: .zero - (Int256(exactly: limits.lossPerHourMaxUnits) ?? .max) - .one)
        let receipt = CloseReceipt(
            clientID: key, fillID: "x", height: 6, settledAt: Instant(milliseconds: 0),
            movements: [movement], settlements: [])
        let failed = Inclusion(
            result: .reverted(Refusal(.healthy, detail: "")), receipt: receipt)
        script.tell(.closeAnswered(key, .included(failed, isFinal: true)), height: 9)
        script.advance(.seconds(3))
        script.publishDepth(height: 9)
        script.publishPrices(round: 9, height: 9)
        #expect(script.persists.count == 1)
        #expect(script.skips.last == "skipped-refused-by-risk")
    }

    @Test func `row 15: the intent is on disk before its bytes, and comes back exactly once`()
        throws
    {
        let directory = URL(filePath: NSTemporaryDirectory())
            .appending(path: "bailiff-row15-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            // What cannot be removed is in the system's temporary directory and harms nobody.
            try? FileManager.default.removeItem(at: directory)
        }
        let path = directory.appending(path: "journal.sqlite").path
        var script = EngineScript()
        let key = script.proposed()
        let intent = try #require(script.intents.last)
        #expect(script.submits.isEmpty, "no bytes yet")
        do {
            let journal = try Journal(path: path)
            try journal.recordIntent(intent, at: intent.proposedAt)
        }
        // Killed here. Whoever starts next knows of it, asks, and sends nothing.
        let journal = try Journal(path: path)
        let recovered = try #require(try journal.openIntents().first)
        #expect(recovered.intent == intent)
        script = EngineScript(publishes: false, ether: 2_700_000_000)
        script.tell(.intentRecovered(recovered))
        #expect(script.lookUps == [key] && script.submits.isEmpty)
        // The bytes had left after all.
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        var bookings: [Booking] = []
        for case .conclude(let intent, let ending) in script.effects {
            for _ in 0..<2 {
                bookings.append(
                    try journal.recordEnding(
                        ending, of: intent.plan.clientID, at: intent.proposedAt))
            }
        }
        #expect(bookings == [.booked, .alreadyBooked])
        #expect(try journal.openIntents().isEmpty)
    }

    @Test func `row 23: what is not included goes again by a rule, before and after a restart`() {
        var script = ChainTests.script(lane: .confidential, raiseEvery: 1)
        let key = script.sent()
        for height in UInt64(6)...7 {
            script.tell(.chainReported(ChainTests.news(gwei: 10)), height: height)
            script.tell(.closeAnswered(key, .accepted), height: height)
        }
        script.tell(.closeAnswered(key, .notFound), height: 7)
        let before = script.attempts
        #expect(before.count >= 3)
        #expect(Set(before.map(\.lane.laneClass)) == [.confidential], "never shown to all")
        #expect(Set(before.compactMap(\.bid?.nonce)) == [7], "at most one can succeed")
        let intent = script.intents[0]
        var next = ChainTests.script(lane: .confidential, raiseEvery: 1, accounts: [])
        next.publishAccount(version: 1)
        next.tell(.intentRecovered(RecoveredIntent(intent: intent, attempts: before)))
        next.tell(.closeAnswered(key, .notFound))
        #expect(next.attempts.last == before.last, "the same bytes")
    }
}
