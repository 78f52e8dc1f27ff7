import KeeperConsole
import KeeperModel
import Testing

@Suite struct VenueWatchTests {
    private static let names = [DomainID("north"), DomainID("south")]

    private func sights(ready: [Bool], heard: [Bool]) -> [VenueWatch.Sight] {
        zip(Self.names, zip(ready, heard)).map { name, sight in
            VenueWatch.Sight(domain: name, isReady: sight.0, isHeard: sight.1)
        }
    }

    @Test func `each venue is said to be there once, and silence when it begins and ends`() {
        var watch = VenueWatch(Self.names)
        func said(ready: [Bool], heard: [Bool]) -> [String] {
            watch.look(sights(ready: ready, heard: heard)).map { "\($0.domain) \($0.event)" }
        }
        #expect(said(ready: [false, false], heard: [true, true]) == [])
        #expect(said(ready: [true, false], heard: [true, true]) == ["north venue-ready"])
        #expect(said(ready: [true, false], heard: [true, false]) == ["south venue-silent"])
        #expect(said(ready: [true, false], heard: [true, false]) == [])
        #expect(
            said(ready: [true, true], heard: [true, true]) == [
                "south venue-ready", "south venue-heard",
            ])
        #expect(said(ready: [true, true], heard: [false, true]) == ["north venue-silent"])
    }

    @Test func `of one venue alone nothing is said beside the keeper's own state`() {
        var watch = VenueWatch([Self.names[0]])
        let only = Array(sights(ready: [true], heard: [false]).prefix(1))
        #expect(watch.look(only) == [])
    }
}
