import KeeperModel
import KeeperRuntime
import VenueSimulator

/// Auctions and goods: they may be bought from the moment they are there, and are worth it later,
/// or never. So rivals look at them again with every price, until somebody has bought.
extension Race {
    /// What a rival wants to be below the price before it buys from an auction, drawn for each
    /// auction. Goods have one price, and nobody waits for another.
    static let wantedDiscountPpm: ClosedRange<UInt64> = 0...60_000

    /// After every word of prices. By name, so that the same history gives the same draws.
    func lookAtPlaces() {
        for target in openPlaces.keys.sorted() { look(atPlace: target) }
    }

    func look(atPlace target: Target) {
        guard let desk, var place = openPlaces[target] else { return }
        let venue = desk.venue
        guard venue.isPlace(target), let standing = venue.standing(ofPlace: target) else {
            openPlaces[target] = nil
            return
        }
        let ready = (1...max(1, rivalCount)).filter { number in
            switch standing {
            case .sold(let discountPpm):
                discountPpm >= wantedPpm(target, by: number, waits: venue.isAuction(target))
            case .pushed: true
            }
        }
        guard !ready.isEmpty, !place.isBeingBought else { return }
        place.isBeingBought = true
        place.lookCount += 1
        openPlaces[target] = place
        setOut(ready, to: target, look: place.lookCount)
    }

    private func setOut(_ numbers: [Int], to target: Target, look: UInt64) {
        guard let timetable else { return }
        var first: (delay: TimeSpan, number: Int)?
        for number in numbers {
            var generator = draws(target).generator(of: look << 32 + blockRunner(number))
            let delay = execution.delay(from: timetable.now, under: board, using: &generator)
            if delay < first?.delay ?? TimeSpan(nanoseconds: .max) { first = (delay, number) }
        }
        guard let first else { return }
        timetable.at(timetable.now + first.delay) { [weak self] in
            guard let self else { return }
            openPlaces[target]?.isBeingBought = false
            close(target, by: first.number)
        }
    }

    private func wantedPpm(_ target: Target, by number: Int, waits: Bool) -> UInt64 {
        guard waits else { return 0 }
        var generator = draws(target).generator(of: 1 << 63 + UInt64(number))
        return generator.number(in: Self.wantedDiscountPpm)
    }
}

/// A place that rivals watch.
struct OpenPlace {
    var lookCount: UInt64 = 0
    /// Somebody is on the way; nobody else sets out before that has ended.
    var isBeingBought = false
}
