import KeeperEngine
import KeeperModel
import KeeperRisk
import Testing
import WideMath

/// A sealed bid at a venue without a chain: nobody tells when it is opened, so it is asked about.
@Suite struct PendingBidTests {
    @Test func `a bid that waits is asked about again and again, and keeps its funds`() {
        var script = EngineScript()
        let key = script.sent()
        for round in 1...3 {
            script.tell(.closeAnswered(key, .accepted))
            #expect(script.resolveDelays(key).count == round)
            script.tell(.timerFired(.resolve(key)))
            #expect(script.lookUps == Array(repeating: key, count: round))
        }
        // It waits for others and not for us, so the questions come no slower.
        #expect(script.resolveDelays(key) == [250, 250, 250])
        #expect(script.submits == [key])
        #expect(script.engine.risk.inventory(of: EngineScript.venue).reservationCount == 1)
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        #expect(script.conclusions == [key.text + " won"])
        #expect(script.engine.risk.inventory(of: EngineScript.venue).reservationCount == 0)
    }

    @Test func `a bid that lost frees its funds`() {
        var script = EngineScript()
        let key = script.sent()
        script.tell(.closeAnswered(key, .accepted))
        script.tell(.timerFired(.resolve(key)))
        let lost = Refusal(.staleVersion, detail: "another bid was better")
        script.tell(.closeAnswered(key, .refused(lost)))
        #expect(script.conclusions == [key.text + " refused-staleVersion"])
        #expect(script.engine.risk.inventory(of: EngineScript.venue).reservationCount == 0)
    }

    @Test func `a bid that waits survives a lost answer and a restart`() {
        var script = EngineScript()
        let key = script.recovered(mayHaveBeenSent: true)
        script.tell(.closeAnswered(key, .accepted))
        script.tell(.timerFired(.resolve(key)))
        script.tell(.closeAnswered(key, .unknown(evidence: "timed out")))
        script.tell(.timerFired(.resolve(key)))
        #expect(script.lookUps == [key, key, key])
        #expect(script.submits.isEmpty)
        script.tell(.closeAnswered(key, .settled(script.receipt(key))))
        #expect(script.conclusions == [key.text + " won"])
    }
}
