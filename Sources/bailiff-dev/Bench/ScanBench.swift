import CKernels
import KeeperEngine
import KeeperModel

/// `bench scan`: every account at once, in whole numbers and by the vector bound, beside Rust on
/// the same layout, numpy, and what the memory delivers. All of them take turns in each round.
func runScanBench() throws -> [BenchResult] {
    var calibration = Calibration()
    let book = Peer.folder + "/book"
    try BookFile.write(accountCount: SyntheticBook.accountCountMax, to: book)
    let peers = ScanPeers(rust: Peer.rust(book: book), numpy: Peer.numpy(book: book))
    var rigs = [10_000, 100_000, 1_000_000].map { ScanRig(accountCount: $0) }
    var wide = ScanRig(accountCount: 4_000_000)
    var memory = MemoryRig()
    var rounds = 0
    while rounds < ScanRig.roundCount, calibration.mayTryAgain {
        guard calibration.isSteady() else { continue }
        rounds += 1
        for index in rigs.indices { rigs[index].playRound(beside: peers) }
        wide.playRound(beside: ScanPeers(rust: .absent("not asked"), numpy: .absent("not asked")))
        memory.playRound()
    }
    guard rounds == ScanRig.roundCount else { return [calibration.refusal("scan")] }
    return rigs.flatMap { $0.results(peers) } + wide.results(beside: memory)
        + [.info("worst deviation of the calibration", calibration.worst, "", rounds: rounds)]
}

struct ScanPeers {
    let rust: Peer
    let numpy: Peer
}

private struct ScanRig {
    static let roundCount = 7
    private let accountCount: Int
    private var book: AnyMarketBook
    private let eligibleCount: Int
    private var own: [ScanKernel: [Double]] = [:]
    private var rust: [Double] = []
    private var numpy: [Double] = []
    private var ratios: [Double] = []
    private var disagreements: [String] = []

    init(accountCount: Int) {
        self.accountCount = accountCount
        var source = SyntheticBook()
        guard var book = AnyMarketBook(terms: .lending(source.terms)) else {
            preconditionFailure("A lending market has a book for any terms")
        }
        _ = book.publish(source.everyPrice)
        for first in stride(from: 0, to: accountCount, by: 4_000) {
            _ = book.change((first..<first + 4_000).map { source.state(number: $0) }, removed: [])
        }
        eligibleCount = book.eligibleAccounts.count
        self.book = book
    }

    mutating func playRound(beside peers: ScanPeers) {
        // The best of several, of everybody alike: the first finds cold caches, whoever it is.
        let tries = max(4, 400_000 / accountCount)
        var integers = Double.infinity
        for kernel in ScanKernel.allCases {
            var best = Double.infinity
            for _ in 0..<tries {
                var result: (below: Int, confirmed: Int)?
                let spent = nanoseconds { result = book.scanCount(with: kernel) }
                guard let result else { continue }
                note(kernel.rawValue, result.below)
                best = min(best, spent)
            }
            guard best < .infinity else { continue }
            own[kernel, default: []].append(best)
            if kernel == .integers { integers = best }
        }
        if let answer = peers.rust.best(of: tries, accountCount) {
            rust.append(answer.nanoseconds)
            ratios.append(integers / answer.nanoseconds)
            note("Rust", answer.count)
        }
        if let answer = peers.numpy.best(of: min(tries, 10), accountCount) {
            numpy.append(answer.nanoseconds)
            note("numpy", answer.count)
        }
    }

    private mutating func note(_ name: String, _ count: Int) {
        guard count != eligibleCount, !disagreements.contains(name) else { return }
        disagreements.append(name)
    }

    func results(_ peers: ScanPeers) -> [BenchResult] {
        let name = "\(accountCount) accounts"
        var results: [BenchResult] = ScanKernel.allCases.compactMap { kernel in
            own[kernel].map {
                .info(
                    "scan by \(kernel.rawValue), \(name)", $0.median / Double(accountCount),
                    "ns per account", rounds: $0.count)
            }
        }
        guard disagreements.isEmpty else {
            return results + [
                .text("\(name): no ratio", "found others: \(disagreements.joined(separator: ", "))")
            ]
        }
        results.append(peers.rust.skipped(name) ?? rustResult(name))
        results.append(peers.numpy.skipped(name) ?? numpyResult(name))
        return results
    }

    private func rustResult(_ name: String) -> BenchResult {
        var result = BenchResult.goal(
            "G1", "scan in whole numbers beside const-generic Rust, \(name)", ratios.median,
            atMost: 1.05, "times", rounds: ratios.count)
        result.note =
            "Rust \((rust.median / Double(accountCount)).text(places: 3)) ns per account, worst "
            + "round \((ratios.max() ?? 0).text(places: 2))"
        return result
    }

    private func numpyResult(_ name: String) -> BenchResult {
        let ratio = numpy.median / (own[.best]?.median ?? .infinity)
        var result: BenchResult =
            accountCount < 100_000
            ? .info("numpy beside accelerated scan, \(name)", ratio, "times", rounds: numpy.count)
            : .goal(
                "G3", "numpy beside accelerated scan, \(name)", ratio, atLeast: 20, "times",
                rounds: numpy.count)
        result.note =
            "numpy \((numpy.median / Double(accountCount)).text(places: 3)) ns per account"
        return result
    }

    func results(beside memory: MemoryRig) -> [BenchResult] {
        guard let best = own[.best]?.median, disagreements.isEmpty else { return [] }
        let speed = Double(book.sizes.scannedBytes) / best
        // Nothing reads faster than the memory: then the yardstick was disturbed.
        guard speed <= memory.speed else {
            return [.text("reading beside memory's: no ratio", "the scan read faster than memory")]
        }
        return [
            .info(
                "accelerated scan, \(accountCount) accounts", best / Double(accountCount),
                "ns per account", rounds: Self.roundCount),
            .info("memory read in a row", memory.speed, "GB/s", rounds: Self.roundCount),
            .goal(
                "G3", "accelerated scan's reading beside memory's, \(accountCount) accounts",
                speed / memory.speed, atLeast: 0.6, "times", rounds: Self.roundCount),
        ]
    }
}

/// How fast one thread reads what no cache holds.
private struct MemoryRig {
    private let words = [UInt64](repeating: 3, count: 32 << 20)
    private var times: [Double] = []

    mutating func playRound() {
        var spent = Double.infinity
        for _ in 0..<4 {
            var sum: UInt64 = 0
            spent = min(spent, nanoseconds { sum = ck_sum(ck_level(), words, words.count) })
            precondition(sum == 3 * UInt64(words.count), "The reading is not left out")
        }
        times.append(spent)
    }

    var speed: Double { Double(8 * words.count) / times.median }
}
