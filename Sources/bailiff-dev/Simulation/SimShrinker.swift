import KeeperStrategy
import KeeperTestKit

/// Makes a failing seed smaller: leaves out one trouble after another, and heights, for as long as
/// it still fails.
struct SimShrinker {
    let seed: UInt64
    let strategies: [Strategy]

    func smallest(_ failing: SimulationOptions, _ first: SimOutcome) -> SimulationOptions {
        var smallest = failing
        var trial = failing
        for trouble in first.troubles where !failing.without.contains(trouble) {
            trial = smallest
            trial.without.insert(trouble)
            if fails(trial) { smallest = trial }
        }
        // By halves of what is left, then by single steps of a tenth.
        var step = smallest.heights / 2
        while step > 0 {
            trial = smallest
            trial.heights -= min(step, trial.heights - 2)
            if trial.heights < smallest.heights, fails(trial) {
                smallest = trial
            } else {
                step /= 2
            }
        }
        return smallest
    }

    private func fails(_ options: SimulationOptions) -> Bool {
        !simulate(seed, strategies, options).violations.isEmpty
    }
}

extension SimulationOptions {
    /// The one command that repeats such a run.
    func command(_ seed: UInt64, strategies: String) -> String {
        var words = ["bailiff-dev sim --seed \(seed)"]
        if !without.isEmpty {
            words.append("--without \(without.map(\.rawValue).sorted().joined(separator: ","))")
        }
        if heights != Self.heightsUsual { words.append("--heights \(heights)") }
        if isReplayed { words.append("--replay-every 1") }
        if strategies != "strategies" { words.append("--strategies \(strategies)") }
        return words.joined(separator: " ")
    }
}
