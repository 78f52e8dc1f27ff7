import KeeperBacktest
import KeeperCodec
import KeeperModel
import KeeperRuntime
import KeeperStrategy
import KeeperTestKit
import Testing
import WideMath

/// A crash with eight borrowers, from the recording to the page.
@Suite struct RunMeasuresTests {
    @Test func `what is measured adds up to what is booked`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        let (measures, _) = try bench.watched(recording)
        #expect(measures.closes.count(where: \.isWon) == 8)
        #expect(measures.evidence.netUnits > .zero)
        let sum = measures.closes.reduce(Int256.zero) { $0 + $1.netUnits }
        #expect(sum == measures.revenue.netUnits)
        #expect(measures.equity.points.last?.units == sum)
        #expect(measures.funnel.steps.map(\.count) == [8, 8, 8, 8, 8, 8, 8])
        #expect(measures.venue.settlementCount >= 8)
        #expect(measures.venue.recoveryPpm == 1_000_000)
        #expect(!measures.capitalUsedUnits.isZero, "full closes are paid from inventory")
        #expect(measures.latency.rows.last?.spans?.p50.milliseconds == 150)
    }

    @Test func `nobody earns more than the bonus of who was eligible`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        for strategy in bench.workplace.strategies {
            let (measures, _) = try bench.watched(recording, strategy: strategy.name)
            #expect(measures.evidence.netUnits <= measures.evidence.bonusUnits)
            #expect(measures.evidence.bonusUnits > .zero)
        }
    }

    @Test func `whoever watches changes nothing`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        let watched = try bench.watched(recording)
        let alone = try bench.outcome(recording)
        #expect(watched.decisions == alone.decisions)
        #expect(!alone.decisions.isEmpty)
    }

    @Test func `closes that others made later are lead, and a share of all`() throws {
        let bench = try EvidenceBench()
        let late = try EvidenceBench.story(othersCloseAfter: .milliseconds(400))
        let (measures, _) = try bench.watched(try bench.record(late.events, to: "late"))
        // 400 ms less the latency of 150, and the microsecond at whose end a block is told of.
        #expect(measures.latency.lead?.p50.nanoseconds == 249_999_000)
        #expect(measures.shareCapturedPpm == 1_000_000)
        let refusals = measures.headlineRefusals
        #expect(!refusals.contains(.noRivals))
        #expect(refusals.contains(.fewEvents(count: 1, countMin: 30)))
    }

    @Test func `the page and its JSON say the same and let no stranger's text in`() throws {
        let bench = try EvidenceBench()
        let recording = try bench.record(EvidenceBench.story().events, to: "crash")
        let (measures, _) = try bench.watched(recording)
        let hostile = "<script>alert('x')</script>\u{202E}"
        let head = ReportHead(
            recording: hostile, recordingHash: "aa", configHash: "bb", build: "test",
            assumptions: ["latency \"150\" ms & more"], triedCount: 3)
        let page = ReportPage(head, [measures])
        #expect(!page.html.contains("<script"))
        #expect(!page.html.contains("\u{202E}"))
        #expect(page.html.contains("&lt;script&gt;"))
        #expect(page.html.contains("&quot;150&quot; ms &amp; more"))
        #expect(!page.html.contains("http://") && !page.html.contains("https://"))
        let document = try JSONValue.parse(Array(page.jsonText.utf8))
        guard case .array(let results) = document["results"], let result = results.first else {
            Issue.record("no results")
            return
        }
        #expect(result["net"] == .string(measures.evidence.netUnits.description))
        #expect(document["recording"] == .string(hostile))
    }
}
