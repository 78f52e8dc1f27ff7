package import KeeperModel
package import KeeperRuntime
package import VenueSimulator
import WideMath

/// Many paths of prices from the present book, each by itself through engine and venue.
package struct StressPaths: Sendable {
    package let estimate: MoveEstimate
    package let law: MoveEstimate.Law
    package let barCount: Int
    package private(set) var outcomes: [StressOutcome] = []

    package static let countMax = 100_000
    package static let barCountMax = 10_000

    package init(_ estimate: MoveEstimate, _ law: MoveEstimate.Law, barCount: Int) {
        precondition((1...Self.barCountMax).contains(barCount), "A path has bars that end")
        self.estimate = estimate
        self.law = law
        self.barCount = barCount
    }

    /// Each path has a generator of its own, so that one more path changes none of the others.
    package mutating func run(
        _ count: Int, from book: StandingBook, _ workplace: Workplace, _ model: StressModel,
        strategies: [StrategyName] = [], progress: (Int) -> Void = { _ in }
    ) throws(KeeperStop) {
        precondition((1...Self.countMax).contains(count), "Paths can be counted")
        let prices = StressRun.bar(of: book, after: .none)
        for number in outcomes.count..<count {
            var mixed = SeededGenerator(seed: model.seed &+ UInt64(number))
            var generator = SeededGenerator(seed: mixed.next())
            let path = estimate.path(
                from: prices, barCount: barCount, law, using: &generator)
            let run = try StressRun(workplace, book, model, strategies: strategies)
            outcomes.append(
                try run.run(path, every: estimate.span, listsAccounts: false))
            progress(number + 1)
        }
    }

    // MARK: What they say together

    package var deficits: TailMeasures { TailMeasures(outcomes.map(\.deficitUnits)) }
    package var revenues: TailMeasures { TailMeasures(outcomes.map(\.revenueUnits)) }

    /// What the fund is left with at the end of each bar, the beginning first.
    package var funds: [TailMeasures] {
        (0...barCount).map { bar in TailMeasures(outcomes.map { $0.fundUnits[bar] }) }
    }

    /// What all closes of one round paid at the most.
    package func needed(of asset: AssetID) -> TailMeasures {
        TailMeasures(
            outcomes.map { outcome in
                let amount = outcome.needed.first { $0.asset == asset }?.amount ?? .zero
                return Int256(exactly: amount) ?? .max
            })
    }

    package var neededAssets: [AssetID] {
        Set(outcomes.flatMap { $0.needed.map(\.asset) }).sorted()
    }

    package var deficitCount: Int { outcomes.count { $0.deficitUnits > .zero } }
    package var endlessCount: Int { outcomes.count { !$0.hasEnded } }
    package var isReconciled: Bool { outcomes.allSatisfy(\.isReconciled) }
}
