import KeeperFeeds
package import KeeperModel
package import KeeperRuntime
package import VenueSimulator
import WideMath

/// What sales meet at the stage, asset by asset: books that were recorded, where somebody gave
/// some, or else those of the scenario; all times a scale.
///
/// Books of the time of the prices are taken as they stood, because what the market did to them is
/// in them already. Books of another time are borrowed: one draw, the one that gas and latency
/// follow, says how thin a one of them it is, and stress thins it further, as it thins those of a
/// scenario. So gas, depth and latency are bad together in either case.
package struct StageDepth {
    private let scenario: Scenario
    private let scalePpm: UInt64
    private var measured: [AssetID: MeasuredBooks] = [:]
    private var borrowed: [AssetID: BorrowedBooks] = [:]

    package static let wholePpm: UInt64 = 1_000_000
    /// What may be asked for.
    package static let scalesPpm: ClosedRange<UInt64> = 1...1_000_000_000

    /// With books of the scenario alone.
    package init(_ scenario: Scenario, scalePpm: UInt64 = wholePpm) {
        precondition(scalePpm > 0, "A book of nothing is no book")
        self.scenario = scenario
        self.scalePpm = scalePpm
    }

    /// Prices are of the time from the first to the last instant; that decides what is borrowed.
    package init(
        _ scenario: Scenario, scalePpm: UInt64, books files: [RecordedBooks],
        pricesFrom firstAt: Instant, to lastAt: Instant
    ) throws(KeeperStop) {
        self.init(scenario, scalePpm: scalePpm)
        for file in files {
            let asset = try file.asset(of: scenario)
            guard measured[asset] == nil, borrowed[asset] == nil else {
                throw KeeperStop(
                    .recording, "\(file.path): has books of \(asset), of which there are some")
            }
            if file.firstAt <= lastAt, file.lastAt >= firstAt {
                measured[asset] = try MeasuredBooks(file)
            } else {
                borrowed[asset] = try BorrowedBooks(file)
            }
        }
    }

    /// The books of the moment. A draw is from a half to one and a half, in millionths.
    mutating func books(
        at prices: [AssetID: UInt64], toldAt: [AssetID: Instant], now: Instant,
        under conditions: MarketConditions, drawPpm: UInt64
    ) throws(KeeperStop) -> [DepthBook] {
        var books: [DepthBook] = []
        for asset in scenario.assets {
            let name = asset.description.asset
            guard let price = prices[name] else { continue }
            let standing = try measured[name]?.book(now: now, atPrice: price, toldAt: toldAt[name])
            books.append(
                standing?.times(scalePpm)
                    ?? thin(asset, atPrice: price, under: conditions, drawPpm: drawPpm))
        }
        return books
    }

    private func thin(
        _ asset: ScenarioAsset, atPrice price: UInt64, under conditions: MarketConditions,
        drawPpm: UInt64
    ) -> DepthBook {
        let name = asset.description.asset
        let whole =
            borrowed[name]?.book(atPrice: price, drawPpm: drawPpm)
            ?? BookState(asset: name, model: asset.liquidity).book(atPrice: price)
        let sharePpm = conditions.shrunk(
            Self.wholePpm, followingPpm: ExecutionModel.depthSharePpm)
        return whole.times(sharePpm).times(scalePpm)
    }
}

extension StageDepth {
    /// What a result says of it: one part, or one of each asset where books were given.
    package var parts: [ModelPart] {
        guard !measured.isEmpty || !borrowed.isEmpty else { return [scenarioPart("depth")] }
        return scenario.assets.map { asset in
            let name = asset.description.asset
            if let books = measured[name] {
                return ModelPart(
                    "depth of \(name)", .measured,
                    "the books of \(books.file) as they stood, moved with prices told since; where "
                        + "none is younger than \(MeasuredBooks.ageMax.milliseconds / 60_000) "
                        + "minutes the scenario's, thinner by half of what stress adds\(scaled)")
            }
            if let books = borrowed[name] {
                return ModelPart(
                    "depth of \(name)", .borrowed(from: books.dates),
                    "\(books.count) books of \(books.file), moved to the exchange's price; the "
                        + "draw of gas and latency says how thin a one, and half of what stress "
                        + "adds thins it\(scaled)")
            }
            return scenarioPart("depth of \(name)")
        }
    }

    private func scenarioPart(_ name: String) -> ModelPart {
        ModelPart(
            name, .borrowed(from: "2024-08-08"),
            "the scenario's books around the exchange's price, thinner by half of what stress "
                + "adds; whole again with every round, and every five minutes without one\(scaled)")
    }

    private var scaled: String {
        scalePpm == Self.wholePpm
            ? "" : "; scaled by \(scalePpm) millionths, every quantity rounded down"
    }
}

extension DepthBook {
    /// Every quantity times so many millionths, rounded down; what is nothing then is gone.
    package func times(_ ppm: UInt64) -> DepthBook {
        guard ppm != StageDepth.wholePpm else { return self }
        func scaled(_ levels: [DepthLevel]) -> [DepthLevel] {
            levels.compactMap { level in
                // Quantities are far below 2^192, so the product fits; what does not is refused at
                // the import.
                let product = level.quantity.saturatingMultiply(ppm)
                let quantity = product / UInt256(StageDepth.wholePpm)
                return quantity.isZero ? nil : DepthLevel(price: level.price, quantity: quantity)
            }
        }
        return DepthBook(asset: asset, bids: scaled(bids), asks: scaled(asks))
    }
}
