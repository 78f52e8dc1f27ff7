import KeeperModel
import KeeperTestKit
import WideMath

/// `bailiff-dev month`: thirty simulated days with crashes, once with a treasury and once without,
/// and what became of the purse. Ends with a failure where anything was violated, where the purse
/// ran dry with a treasury, or where it did not without one: then the month shows nothing.
func runMonthCommand(_ arguments: [String]) -> ExitCode {
    guard let seed = monthSeed(arguments) else {
        printError("bailiff-dev month: takes --seed and a number, or nothing")
        return .usage
    }
    let with = SimulatedWorld.month(seed: seed, hasTreasury: true)
    let without = SimulatedWorld.month(seed: seed, hasTreasury: false)
    for (name, month) in [("with a treasury", with), ("without", without)] {
        print("\(name): " + month.line)
        for violation in month.violations { printError("\(name): \(violation)") }
    }
    let isShown = with.shortCount == 0 && without.shortCount > 0
    return isShown && with.violations.isEmpty && without.violations.isEmpty ? .success : .mismatch
}

private func monthSeed(_ arguments: [String]) -> UInt64? {
    if arguments.isEmpty { return 1 }
    return arguments.count == 2 && arguments[0] == "--seed" ? UInt64(arguments[1]) : nil
}

extension MonthResult {
    fileprivate var line: String {
        let least = lowest.keys.sorted().map { "\($0) \(lowest[$0] ?? .zero)" }
            .joined(separator: ", ")
        return "\(wonCount) closes in \(lives) lives, \(topUpCount) top-ups, "
            + "\(sweepCount) sweeps, \(shortCount) times too little, least in the purse: \(least)"
    }
}
