import KeeperEngine
import KeeperModel
import KeeperRisk
import Testing

/// A close that the other side is asked about before its bytes leave. Every reply has a place, and
/// so has the one that never comes.
@Suite struct QuestionTests {
    private var script = EngineScript(trialWithin: .milliseconds(300))

    @Test func `the plan is durable, then asked about, then sent`() {
        var script = script
        let key = script.proposed()
        #expect(script.questions.isEmpty, "nothing is asked before the intent is durable")
        script.tell(.intentDurable(key))
        #expect(script.questions == [key])
        #expect(script.submits.isEmpty)
        script.tell(.questionAnswered(key, .wouldSettle(accountVersion: 1)))
        #expect(script.submits == [key])
    }

    @Test(arguments: [
        (QuestionReply.wouldNot(Refusal(.slippage, detail: "")), "would be refused: slippage"),
        (.wouldSettle(accountVersion: 2), "tried on another version of the account"),
        (.unanswered(evidence: "HTTP 500"), "not tried: HTTP 500"),
    ])
    func `any other reply ends the intent, frees its funds and rests the target`(
        reply: QuestionReply, reason: String
    ) {
        var script = script
        let key = script.proposed()
        script.tell(.intentDurable(key))
        script.tell(.questionAnswered(key, reply))
        #expect(script.submits.isEmpty)
        #expect(script.endings == [.cancelled(reason: reason)])
        #expect(script.engine.risk.inventory(of: EngineScript.venue).reservationCount == 0)
        script.publishPrices(round: 2)
        #expect(script.persists == [key], "the same plan at once would be asked about for ever")
    }

    @Test func `silence is no yes`() {
        var script = script
        let key = script.proposed()
        script.tell(.intentDurable(key))
        script.advance(.milliseconds(300))
        script.tell(.timerFired(.questionEnds(key)))
        #expect(script.endings == [.cancelled(reason: "not tried: no answer in time")])
        script.tell(.questionAnswered(key, .wouldSettle(accountVersion: 1)))
        #expect(script.submits.isEmpty, "a late answer is about something that ended")
    }

    @Test func `what was true when it was asked is checked again when it is answered`() {
        var script = script
        let key = script.proposed()
        script.tell(.intentDurable(key))
        script.publishPrices(round: 2, ether: 2_700_000_000)
        script.tell(.questionAnswered(key, .wouldSettle(accountVersion: 1)))
        #expect(script.submits.isEmpty)
        #expect(script.endings == [.cancelled(reason: "no longer eligible")])
    }

    @Test func `the kill switch holds whatever the answer is`() {
        var script = script
        let key = script.proposed()
        script.tell(.intentDurable(key))
        script.tell(.killSwitchSet(true))
        script.tell(.questionAnswered(key, .wouldSettle(accountVersion: 1)))
        #expect(script.submits.isEmpty)
    }

    @Test func `so does a pause of the venue, a checkpoint later too`() throws {
        var script = script
        let key = script.proposed()
        script.tell(.intentDurable(key))
        script.tell(.venuePauseSet(true))
        script = try script.throughCheckpoint()
        script.tell(.questionAnswered(key, .wouldSettle(accountVersion: 1)))
        #expect(script.submits.isEmpty)
    }

    @Test func `a venue that tries nothing is no place for a strategy that asks`() {
        let script = EngineScript(trialWithin: .milliseconds(300), triesCloses: false)
        #expect(script.persists.isEmpty)
        #expect(script.skips.first == "skipped-not-closeable")
    }
}

extension EngineScript {
    fileprivate var questions: [ClientID] {
        effects.compactMap { effect in
            guard case .ask(let question, _) = effect else { return nil }
            return question.clientID
        }
    }

    fileprivate var endings: [IntentEnding] {
        effects.compactMap { effect in
            guard case .conclude(_, let ending) = effect else { return nil }
            return ending
        }
    }
}
