import KeeperModel
import Testing
import VenueREST

struct ClockWatchTests {
    @Test func `what is said is a change, and either way is a gap`() {
        var watch = ClockWatch()
        #expect(watch.note(.zero) == nil)
        #expect(watch.note(ClockWatch.gapMax) == nil)
        #expect(watch.note(.seconds(6)) == .some(.seconds(6)))
        #expect(watch.note(.seconds(-6)) == nil, "that they part is known")
        #expect(watch.note(.seconds(1)) == .some(nil))
        #expect(watch.note(.seconds(2)) == nil)
    }

    @Test(arguments: [Int64.min, .min + 1, .max])
    func `no gap is too large to be one`(_ nanoseconds: Int64) {
        var watch = ClockWatch()
        let gap = TimeSpan(nanoseconds: nanoseconds)
        #expect(watch.note(gap) == .some(gap))
    }
}
