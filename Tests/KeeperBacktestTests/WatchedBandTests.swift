import KeeperBacktest
import KeeperModel
import KeeperRuntime
import Testing
import WideMath

/// A run of a band that somebody watches, and the page about it.
@Suite struct WatchedBandTests {
    private static let strategy = StrategyName("full-close")

    @Test func `a page about history shows the band, and watching changes nothing`() throws {
        let rig = try HistoryRig()
        let rivals = RivalModel(mode: .firstCome, counts: [0, 1, 3], seed: 5)
        let plain = try rig.run(["full-close"], rivals)
        let kept = DecisionList()
        let unit = rig.workplace.config.unitOfAccount
        let witness = RunWitness(decisions: kept, unit: unit.asset)
        let bands = try BacktestPass(rig.workplace, rivals: rivals).run(
            [[Self.strategy]], from: try rig.opening(rivals).source,
            witness: { _, count in count == 3 ? witness : nil })
        #expect(kept.decisions == plain.decisions["full-close 3"])
        #expect(bands[0].levels.map(\.netUnits) == plain.bands[0].levels.map(\.netUnits))

        let level = try #require(bands[0].levels.last)
        let run = RunMeasures(
            name: "full-close", unit: unit, result: level.result, witness: witness,
            rivals: .equals(count: 3), races: level.venueCosts)
        #expect(run.evidence.netUnits == level.netUnits, "after gas, as in the band")
        #expect(run.raceUnits > .zero)
        #expect(run.gasWonUnits + run.gasLostUnits == -level.costs.gasUnits)
        #expect(run.closes.count(where: \.isWon) == Int(level.result.tally.wonCount))

        let head = ReportHead(
            recording: "ETH.bailiff", recordingHash: "h", configHash: "c", build: "b",
            assumptions: ["gas: assumed"], triedCount: 1)
        let page = ReportPage(
            head, [run], bands: BandSection(bands, rivals: rivals, unit: unit))
        for words in ["Against how many", "alone, no result", "one rival", "3 rivals", "assumes"] {
            #expect(page.html.contains(words), "\(words)")
        }
        for level in bands[0].levels {
            #expect(page.jsonText.contains(#""net":"\#(level.netUnits)""#))
        }
    }
}
