import KeeperModel
import KeeperTransport
import Testing
import VenueServing

@Suite struct HeldSnapshotTests {
    private func snapshot(_ sequence: UInt64) -> MarketSnapshot {
        MarketSnapshot(of: VenueRig.lending, [], sequence: sequence, salt: [1])
    }

    @Test func `one that is read stays, and one that nobody asks for goes`() {
        let begin = MonotonicTime.now()
        var held = HeldSnapshots()
        held.hold(snapshot(1), pageByteCountMax: 100, now: begin)
        held.hold(snapshot(2), pageByteCountMax: 100, now: begin)
        let later = begin + HeldSnapshots.patience
        held.forget(now: later)
        #expect(held.pages(of: VenueRig.lending, 2, now: later)?.pages == [0..<0])
        let end = later + .seconds(1)
        held.forget(now: end)
        #expect(held.pages(of: VenueRig.lending, 1, now: end) == nil)
        #expect(held.pages(of: VenueRig.lending, 2, now: end) != nil)
        #expect(held.pages(of: MarketID("other"), 2, now: end) == nil)
    }
}
