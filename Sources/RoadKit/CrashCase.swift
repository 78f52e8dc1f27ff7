package import KeeperRuntime

/// One row of the table of crashes: where the keeper dies, life after life, before a last life is
/// left to finish.
package struct CrashCase: Sendable {
    /// Names of `CrashPoint`, each with `:N` for the N-th passage.
    package let points: [String]
    /// Whether the first death leaves an intent open for the next life; nil where it depends on
    /// what else happens at that moment.
    package let leavesIntent: Bool?
    /// What the venue is told to do wrong, so that the point is reached at all.
    package let faults: String?
    /// The first lives are asked to end, and die of that.
    package let isEnding: Bool

    private init(
        _ points: String..., leavesIntent: Bool?, faults: String? = nil, isEnding: Bool = false
    ) {
        self.points = points
        self.leavesIntent = leavesIntent
        self.faults = faults
        self.isEnding = isEnding
    }

    package var name: String { points.joined(separator: ", then ") }

    /// The point of the first death, from one.
    package var number: Int { Self.point(points[0])?.number ?? 0 }

    package static func point(_ text: String) -> CrashPoint? {
        CrashPoint(rawValue: String(text.prefix { $0 != ":" }))
    }

    private static let lostReplies = #"{"dropReplies": 4}"#

    // MARK: The table

    /// Every point, each in a life that has something to lose by it where there is such a life.
    package static let all = firstLife + recovery + endings

    /// In the life that closes.
    package static let firstLife = [
        CrashCase("books-opened", leavesIntent: false),
        CrashCase("start-counted", leavesIntent: false),
        CrashCase("recovery-begun", leavesIntent: false),
        CrashCase("capital-known", leavesIntent: false),
        CrashCase("capital-booked", leavesIntent: false),
        CrashCase("capital-known:2", leavesIntent: nil),
        CrashCase("decision-recorded:2", leavesIntent: false),
        CrashCase("intent-approved", leavesIntent: false),
        CrashCase("commit-begun", leavesIntent: false),
        CrashCase("commit-begun:2", leavesIntent: nil),
        CrashCase("commit-begun:3", leavesIntent: nil),
        CrashCase("commit-begun:4", leavesIntent: nil),
        CrashCase("commit-begun:6", leavesIntent: nil),
        CrashCase("intent-written", leavesIntent: true),
        CrashCase("sync-begun", leavesIntent: true),
        CrashCase("sync-done", leavesIntent: true),
        CrashCase("intent-durable", leavesIntent: true),
        CrashCase("send-decided", leavesIntent: true),
        CrashCase("attempt-made", leavesIntent: true),
        CrashCase("attempt-written", leavesIntent: true),
        CrashCase("attempt-durable", leavesIntent: true),
        CrashCase("close-handed-over", leavesIntent: true),
        CrashCase("answer-arrived", leavesIntent: true),
        CrashCase("answer-arrived:3", leavesIntent: true),
        CrashCase("answer-heard", leavesIntent: true),
        CrashCase("ending-known", leavesIntent: true),
        CrashCase("ending-booked", leavesIntent: false),
        CrashCase("question-due", leavesIntent: true, faults: lostReplies),
        CrashCase("look-up-handed-over", leavesIntent: true, faults: lostReplies),
    ]

    /// In the life that finds out what the life before left behind, and in the one after that.
    package static let recovery = [
        CrashCase("attempt-durable", "recovery-begun", leavesIntent: true),
        CrashCase("attempt-durable", "past-recalled", leavesIntent: true),
        CrashCase("close-handed-over", "intent-recovered", leavesIntent: true),
        CrashCase("close-handed-over", "recovery-done", leavesIntent: true),
        CrashCase("attempt-durable", "look-up-handed-over", leavesIntent: true),
        CrashCase("attempt-durable", "void-handed-over", leavesIntent: true),
        CrashCase("answer-arrived", "answer-heard", leavesIntent: true),
        CrashCase("answer-arrived", "commit-begun", leavesIntent: true),
        CrashCase("answer-arrived", "ending-known", leavesIntent: true),
        CrashCase("answer-arrived", "ending-booked", leavesIntent: true),
        CrashCase("close-handed-over", "answer-arrived", "answer-arrived:2", leavesIntent: true),
        CrashCase("attempt-written", "intent-recovered", "recovery-done", leavesIntent: true),
    ]

    /// In a life that was asked to end.
    package static let endings = [
        CrashCase("drain-asked", leavesIntent: nil, isEnding: true),
        CrashCase("drained", leavesIntent: false, isEnding: true),
        CrashCase("books-closed", leavesIntent: false, isEnding: true),
    ]
}
