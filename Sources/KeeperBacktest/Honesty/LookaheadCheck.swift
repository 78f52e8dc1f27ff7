import KeeperFeeds
package import KeeperModel
import KeeperRuntime
package import WideMath

/// Whether a run knew what it could not have known.
///
/// Three questions. Does a row say that it was available before it happened? Does a run on the part
/// before an instant decide the same up to there as the run on the whole? And does what was earned
/// survive that every price comes a bar later? The first two are proofs where they fail; the third
/// is a suspicion, because a fast strategy also lives on the last bar.
package struct LookaheadCheck {
    /// One run over a recording.
    package struct Outcome {
        package let decisions: [Decision]
        package let netUnits: Int256

        package init(decisions: [Decision], netUnits: Int256) {
            self.decisions = decisions
            self.netUnits = netUnits
        }
    }

    package let path: String
    private let folder: String
    private let run: (String) throws -> Outcome

    /// Copies of the recording are made in the folder; whoever made the folder removes it.
    package init(
        _ path: String, folder: String, run: @escaping (String) throws -> Outcome
    ) {
        self.path = path
        self.folder = folder
        self.run = run
    }

    package func report(cutCount: Int, bar: TimeSpan) throws -> LookaheadReport {
        precondition(cutCount > 0 && bar > .zero, "A check asks something")
        let leaks = try LeakScan(path).leaks()
        let whole = try run(path)
        let edit = try RecordingEdit(path)
        var cuts: [LookaheadReport.Cut] = []
        if let (first, last) = edit.extent {
            let step = (last - first).nanoseconds / Int64(cutCount + 1)
            for number in 1...cutCount {
                let at = first + TimeSpan(nanoseconds: step * Int64(number))
                cuts.append(try cut(at, number, edit, whole))
            }
        }
        let copy = folder + "/later.bailiff"
        try edit.delayingPrices(by: bar, to: copy)
        let later = try run(copy)
        return LookaheadReport(
            leaks: leaks, cuts: cuts, bar: bar, netUnits: whole.netUnits,
            laterNetUnits: later.netUnits)
    }

    /// The end of a recording is drained, which is decided upon at its last instant; what was
    /// decided before has to be the same.
    private func cut(
        _ at: Instant, _ number: Int, _ edit: RecordingEdit, _ whole: Outcome
    ) throws -> LookaheadReport.Cut {
        let copy = folder + "/cut-\(number).bailiff"
        guard let last = try edit.truncated(at: at, to: copy) else {
            return LookaheadReport.Cut(at: at, comparedCount: 0, difference: nil)
        }
        let part = try run(copy).decisions.filter { $0.decidedAt < last }
        let same = whole.decisions.filter { $0.decidedAt < last }
        return LookaheadReport.Cut(
            at: at, comparedCount: same.count, difference: DecisionDifference(same, part))
    }
}

/// What was found.
package struct LookaheadReport: Hashable, Sendable {
    package struct Cut: Hashable, Sendable {
        package let at: Instant
        package let comparedCount: Int
        package let difference: DecisionDifference?
    }

    package let leaks: [LeakScan.Leak]
    package let cuts: [Cut]
    package let bar: TimeSpan
    package let netUnits: Int256
    package let laterNetUnits: Int256

    /// More than half of what was earned is gone when prices come a bar later.
    package var restsOnLastBar: Bool {
        netUnits > .zero && laterNetUnits + laterNetUnits < netUnits
    }

    package var isClean: Bool {
        leaks.isEmpty && cuts.allSatisfy { $0.difference == nil } && !restsOnLastBar
    }
}
