// Which endpoints know what is going on. One that stands still answers in good health; only beside
// the others does it show.

import KeeperModel

struct HeightQuorum {
    private var heights: [UInt64?]
    private let lagMax: UInt64

    init(endpointCount: Int, lagMax: UInt64) {
        heights = Array(repeating: nil, count: endpointCount)
        self.lagMax = lagMax
    }

    /// The newest word counts, lower than the last one or not.
    mutating func note(_ height: UInt64, of endpoint: Int) { heights[endpoint] = height }

    /// What at least half of those that say anything have reached: one that claims a height of its
    /// own cannot put more than one other out.
    var height: UInt64? {
        let known = heights.compactMap { $0 }.sorted(by: >)
        return known.isEmpty ? nil : known[(known.count - 1) / 2]
    }

    func height(of endpoint: Int) -> UInt64? { heights[endpoint] }

    /// Who never said a height is not behind.
    func isBehind(_ endpoint: Int) -> Bool {
        guard let height, let own = heights[endpoint] else { return false }
        return own < height && height - own > lagMax
    }
}
