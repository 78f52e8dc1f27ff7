package import KeeperModel

/// A price over heights: straight lines between given points, with a seeded flutter on top.
package struct PricePath: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package let height: UInt64
        package let price: UInt64

        package init(height: UInt64, price: UInt64) {
            self.height = height
            self.price = price
        }
    }

    package let points: [Point]
    /// The flutter is drawn evenly from −noiseBps to +noiseBps at each height.
    package let noiseBps: UInt64

    /// Nil unless there is a point, the first is at height 0, heights rise and prices are positive.
    package init?(points: [Point], noiseBps: UInt64) {
        guard points.first?.height == 0, noiseBps < 10_000,
            points.allSatisfy({ $0.price > 0 && $0.price < 1 << 50 }),
            zip(points, points.dropFirst()).allSatisfy({ $0.height < $1.height })
        else { return nil }
        self.points = points
        self.noiseBps = noiseBps
    }

    /// The price at a height; the generator must be the same one at the same place of the run.
    package func price(at height: UInt64, using generator: inout SeededGenerator) -> UInt64 {
        let trend = trend(at: height)
        guard noiseBps > 0 else { return trend }
        let bps = 10_000 - noiseBps + generator.next() % (2 * noiseBps + 1)
        let product = trend.multipliedFullWidth(by: bps)
        return max(1, UInt64(10_000).dividingFullWidth(product).quotient)
    }

    private func trend(at height: UInt64) -> UInt64 {
        guard let next = points.firstIndex(where: { $0.height > height }) else {
            return points[points.count - 1].price
        }
        let from = points[next - 1]
        let to = points[next]
        let passed = height - from.height
        let whole = to.height - from.height
        let rise = to.price >= from.price
        let difference = rise ? to.price - from.price : from.price - to.price
        let part = whole.dividingFullWidth(difference.multipliedFullWidth(by: passed)).quotient
        return rise ? from.price + part : from.price - part
    }
}
