package import KeeperModel

/// A named move of prices, all at once.
package struct StressShock: Hashable, Sendable {
    package let name: String
    /// Where its size is from.
    package let source: String
    private let law: Law

    private enum Law: Hashable, Sendable {
        case all(ppm: Int64)
        case only([AssetID: Int64])
        /// By what an asset is: some follow ether, some bitcoin, the rest whichever fell further.
        case day(etherPpm: Int64, bitcoinPpm: Int64)
    }

    /// No price may fall to nothing or rise beyond all bounds.
    package static let movePpm: ClosedRange<Int64> = -990_000...9_000_000

    /// By how much the price of an asset moves, in ppm.
    package func movePpm(of asset: AssetID) -> Int64 {
        switch law {
        case .all(let ppm): return ppm
        case .only(let moves): return moves[asset] ?? 0
        case .day(let etherPpm, let bitcoinPpm):
            if asset.text.contains("BTC") { return bitcoinPpm }
            return asset.text.contains("ETH") ? etherPpm : min(etherPpm, bitcoinPpm)
        }
    }

    /// Toward zero, and at least one.
    package func price(_ price: UInt64, of asset: AssetID) -> UInt64 {
        let kept = UInt64(1_000_000 + movePpm(of: asset))
        let product = price.multipliedFullWidth(by: kept)
        guard product.high < 1_000_000 else { return .max }
        return max(1, UInt64(1_000_000).dividingFullWidth(product).quotient)
    }

    /// What a person made up; nil where a move is out of all bounds.
    package init?(named name: String, _ moves: [AssetID: Int64]) {
        guard moves.values.allSatisfy(Self.movePpm.contains) else { return nil }
        self.init(name, "as asked for", .only(moves))
    }

    private init(_ name: String, _ source: String, _ law: Law) {
        self.name = name
        self.source = source
        self.law = law
    }
}

extension StressShock {
    /// Today, as it is.
    package static let none = StressShock("none", "the present prices", .all(ppm: 0))

    /// Every shock there is for a venue of these assets.
    package static func all(of assets: [AssetID]) -> [StressShock] {
        let uniform = [10, 20, 30, 40, 50].map { percent in
            StressShock(
                "all-\(percent)", "every price falls by \(percent) %: assumed",
                .all(ppm: -10_000 * percent))
        }
        let days = [
            StressShock(
                "2020-03-12",
                "open to lowest minute close of the day, ETHUSDT 194.61 to 101.37 and BTCUSDT "
                    + "7934.58 to 4440.58 (Binance minutes)",
                .day(etherPpm: -479_112, bitcoinPpm: -440_351)),
            StressShock(
                "2021-05-19",
                "the same of that day, 3375.08 to 1925.16 and 42849.78 to 30101",
                .day(etherPpm: -429_596, bitcoinPpm: -297_523)),
            StressShock(
                "2024-08-05", "the same of that day, 2688.91 to 2140.6 and 58161 to 49338.49",
                .day(etherPpm: -203_915, bitcoinPpm: -151_691)),
        ]
        let single = assets.sorted().flatMap { asset in
            [
                StressShock(
                    "only-\(asset)", "\(asset) alone falls by 40 %: assumed",
                    .only([asset: -400_000])),
                StressShock(
                    "depeg-\(asset)",
                    "\(asset) alone falls as stETH did against ETH at its lowest hour of "
                        + "2022-06-14, to 0.8881",
                    .only([asset: -111_900])),
            ]
        }
        return [none] + uniform + days + single
    }
}
