import Glibc
package import KeeperModel

/// How much prices move within a bar and how much together, from the bars of a feed. Statistics of
/// what may come: no amount of money is worked out here.
package struct MoveEstimate: Sendable {
    package let assets: [AssetID]
    package let span: TimeSpan
    package let moves: [[Double]]
    /// Standard deviations of the logarithms, within one bar.
    package let volatilities: [Double]
    package let correlations: [[Double]]
    /// With which independent draws become draws that move together.
    private let factor: [[Double]]
    private let means: [Double]

    /// With fewer bars the standard error of a correlation of nothing is above 0.13, and of a
    /// volatility above a tenth of itself.
    package static let moveCountMin = 60

    /// Nil where there are too few moves.
    package init?(_ bars: PriceBars, of assets: [AssetID]) {
        self.init(moves: bars.moves(of: assets), of: assets, every: bars.span)
    }

    package init?(moves: [[Double]], of assets: [AssetID], every span: TimeSpan) {
        guard moves.count >= Self.moveCountMin, !assets.isEmpty else { return nil }
        self.assets = assets
        self.span = span
        self.moves = moves
        let count = Double(moves.count)
        let means = assets.indices.map { asset in
            moves.reduce(0) { $0 + $1[asset] } / count
        }
        self.means = means
        let covariance = assets.indices.map { left in
            assets.indices.map { right in
                moves.reduce(0) {
                    $0 + ($1[left] - means[left]) * ($1[right] - means[right])
                } / (count - 1)
            }
        }
        let deviations = assets.indices.map { covariance[$0][$0].squareRoot() }
        volatilities = deviations
        correlations = assets.indices.map { left in
            assets.indices.map { right in
                let product = deviations[left] * deviations[right]
                return left == right ? 1 : product > 0 ? covariance[left][right] / product : 0
            }
        }
        factor = Self.factor(of: covariance)
    }

    /// Cholesky's, and where a row hangs wholly on those above it, nothing is left for its own.
    private static func factor(of covariance: [[Double]]) -> [[Double]] {
        var factor = covariance.map { $0.map { _ in 0.0 } }
        for row in covariance.indices {
            for column in 0...row {
                let known = (0..<column).reduce(0) {
                    $0 + factor[row][$1] * factor[column][$1]
                }
                let rest = covariance[row][column] - known
                if row == column {
                    factor[row][row] = max(0, rest).squareRoot()
                } else if factor[column][column] > 1e-12 {
                    factor[row][column] = rest / factor[column][column]
                }
            }
        }
        return factor
    }

    /// How moves to come are drawn.
    package enum Law: String, Hashable, Sendable, CaseIterable {
        /// Normal logarithms with these volatilities and correlations.
        case normal
        /// Whole bars of the past with replacement: their tails, and nothing that follows from bar
        /// to bar.
        case past
    }

    /// The moves of one bar, without a trend: the mean price stays.
    package func draw(_ law: Law, using generator: inout SeededGenerator) -> [Double] {
        switch law {
        case .normal:
            let independent = assets.map { _ in generator.normal() }
            return assets.indices.map { row in
                let move = (0...row).reduce(0) { $0 + factor[row][$1] * independent[$1] }
                return move - volatilities[row] * volatilities[row] / 2
            }
        case .past:
            let row = moves[Int(generator.next() % UInt64(moves.count))]
            return assets.indices.map { row[$0] - means[$0] }
        }
    }

    /// A path from these prices, bar by bar.
    package func path(
        from prices: [AssetID: UInt64], barCount: Int, _ law: Law,
        using generator: inout SeededGenerator
    ) -> [[AssetID: UInt64]] {
        var sums = assets.map { _ in 0.0 }
        return (0..<barCount).map { _ in
            for (asset, move) in draw(law, using: &generator).enumerated() {
                sums[asset] += move
            }
            var bar: [AssetID: UInt64] = [:]
            for (number, asset) in assets.enumerated() {
                bar[asset] = Self.price(prices[asset] ?? 1, times: exp(sums[number]))
            }
            return bar
        }
    }

    private static let priceMax = 0x1p50

    private static func price(_ price: UInt64, times factor: Double) -> UInt64 {
        UInt64(min(max(1, (Double(price) * factor).rounded()), priceMax - 1))
    }
}

extension SeededGenerator {
    /// By Box and Muller ("A Note on the Generation of Random Normal Deviates", 1958), one of the
    /// two.
    mutating func normal() -> Double {
        let scale = 0x1p-53
        // Never nothing, whose logarithm has no end.
        let radius = (Double(next() >> 11) + 1) * scale
        let angle = Double(next() >> 11) * scale
        return (-2 * log(radius)).squareRoot() * cos(2 * Double.pi * angle)
    }
}
