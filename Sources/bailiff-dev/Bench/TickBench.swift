import KeeperEngine
import KeeperModel

/// What a price tick costs beside the exact rule over every account, in the same rounds.
func runTickBench() -> [BenchResult] {
    var small = TickRig(accountCount: 10_000)
    var large = TickRig(accountCount: SyntheticBook.accountCountMax)
    for _ in 0..<TickRig.roundCount {
        small.playRound()
        large.playRound()
    }
    let scan = large.scans.median
    let rounds = TickRig.roundCount
    var results = [
        BenchResult.goal(
            "G4", "tick with no crossing, 1M beside 10k",
            large.fine.quiet.median / small.fine.quiet.median, atMost: 1.5, "times",
            rounds: rounds),
        .goal(
            "G4", "exact scan beside mean 5 bp tick, 1M", scan / large.fine.mean,
            atLeast: 1_500, "times", rounds: rounds),
        .info("exact scan, 10k", small.scans.median, "ns", rounds: rounds),
        .info("exact scan, 1M", scan, "ns", rounds: rounds),
    ]
    results += small.fine.results("5 bp, 10k") + small.coarse.results("50 bp, 10k")
    results += large.fine.results("5 bp, 1M", isGoal: true)
    results += large.coarse.results("50 bp, 1M", isGoal: true)
    return results + large.sizeResults
}

/// One book and everything measured on it.
private struct TickRig {
    static let roundCount = 5
    private static let ticksPerRound = 4_000
    private static let coarseTicksPerRound = 400
    private static let accountsPerChange = 4_096

    private let accountCount: Int
    private var source: SyntheticBook
    private var book: AnyMarketBook
    private let buildNanoseconds: Double
    private let residentGrowth: Double
    private(set) var fine = TickFigures()
    private(set) var coarse = TickFigures()
    private(set) var scans: [Double] = []

    init(accountCount: Int) {
        self.accountCount = accountCount
        var source = SyntheticBook()
        guard var book = AnyMarketBook(terms: .lending(source.terms)) else {
            preconditionFailure("A lending market has a book for any terms")
        }
        _ = book.publish(source.everyPrice)
        // A keeper has seen prices move before it is asked how far they may.
        for _ in 0..<2_000 { _ = book.publish([source.tick(basisPoints: 5)]) }
        let before = residentBytes()
        var spent = 0.0
        for first in stride(from: 0, to: accountCount, by: Self.accountsPerChange) {
            let last = min(first + Self.accountsPerChange, accountCount)
            let states = (first..<last).map { source.state(number: $0) }
            spent += nanoseconds { _ = book.change(states, removed: []) }
        }
        residentGrowth = Double(residentBytes()) - Double(before)
        buildNanoseconds = spent
        self.source = source
        self.book = book
    }

    /// Every walk starts where the book was built, so that no round plays after a crash.
    mutating func playRound() {
        play(Self.ticksPerRound, basisPoints: 5, into: \.fine)
        settle()
        play(Self.coarseTicksPerRound, basisPoints: 50, into: \.coarse)
        settle()
        var count = 0
        scans.append(nanoseconds { count = book.exactScanCount() })
        precondition(
            count == book.eligibleAccounts.count, "The index and the exact scan always agree")
    }

    private mutating func play(
        _ count: Int, basisPoints: Double, into figures: WritableKeyPath<TickRig, TickFigures>
    ) {
        for _ in 0..<count {
            let update = [source.tick(basisPoints: basisPoints)]
            let asked = book.confirmationCount
            var flips = 0
            let spent = nanoseconds { flips = book.publish(update).count }
            self[keyPath: figures].note(
                spent, evaluations: book.confirmationCount - asked, flips: flips)
        }
    }

    private mutating func settle() {
        source.returnToStart()
        _ = book.publish(source.everyPrice)
    }

    var sizeResults: [BenchResult] {
        let count = Double(accountCount)
        return [
            .goal(
                "G13", "build an indexed account, 1M", buildNanoseconds / count, atMost: 120,
                "ns", rounds: 1),
            .goal(
                "G16", "resident memory per account, 1M", residentGrowth / count, atMost: 160,
                "bytes", rounds: 1),
        ]
    }
}

/// The times of many ticks.
private struct TickFigures {
    private(set) var all: [Double] = []
    /// Of those that asked about no account.
    private(set) var quiet: [Double] = []
    private var evaluations = 0.0
    private var flips = 0.0

    var mean: Double { all.mean }

    mutating func note(_ spent: Double, evaluations: UInt64, flips: Int) {
        all.append(spent)
        if evaluations == 0 { quiet.append(spent) }
        self.evaluations += Double(evaluations)
        self.flips += Double(flips)
    }

    /// Per re-evaluation: all the time beyond that of as many quiet ticks.
    private var perEvaluation: Double {
        guard evaluations > 0 else { return 0 }
        return (all.reduce(0, +) - quiet.median * Double(all.count)) / evaluations
    }

    func results(_ name: String, isGoal: Bool = false) -> [BenchResult] {
        let rounds = TickRig.roundCount
        let perFlip = flips == 0 ? 0 : evaluations / flips
        return [
            .info("tick \(name), median", all.median, "ns", rounds: rounds),
            .info("tick \(name), mean", mean, "ns", rounds: rounds),
            .info("tick \(name), p99", all.quantile(0.99), "ns", rounds: rounds),
            .info("flips per tick, \(name)", flips / Double(all.count), "", rounds: rounds),
            isGoal
                ? .goal(
                    "G5", "re-evaluations per flip, \(name)", perFlip, atMost: 1.5, "",
                    rounds: rounds)
                : .info("re-evaluations per flip, \(name)", perFlip, "", rounds: rounds),
            isGoal
                ? .goal(
                    "G5", "one re-evaluation, \(name)", perEvaluation, atMost: 450, "ns",
                    rounds: rounds)
                : .info("one re-evaluation, \(name)", perEvaluation, "ns", rounds: rounds),
        ]
    }
}
