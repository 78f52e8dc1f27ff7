import Glibc
import Synchronization

/// The instants of a keeper's life at which dying hurts most, one for each line between two things
/// that must not come apart, numbered in the order in which a life reaches them.
///
/// A drill names one in `BAILIFF_CRASH_AT`, as `intent-durable`, or as `intent-durable:3` for the
/// third time, and the program ends there by the signal that nobody can catch: no handler, no
/// flush, no farewell. Without the variable a point costs one comparison.
package enum CrashPoint: String, CaseIterable, Sendable {
    /// The files of the books are open and sound; nothing was read of what is open in them.
    case booksOpened = "books-opened"
    /// This life is counted among the starts.
    case startCounted = "start-counted"
    case recoveryBegun = "recovery-begun"
    /// What was paused and what ended lately are known again; nothing that is open is.
    case pastRecalled = "past-recalled"
    /// An open intent is known again; its question is on its way.
    case intentRecovered = "intent-recovered"
    case recoveryDone = "recovery-done"
    /// The venue has said what is owned; the books do not begin with it yet.
    case capitalKnown = "capital-known"
    case capitalBooked = "capital-booked"
    case decisionRecorded = "decision-recorded"
    /// Risk has approved the intent; nothing is on disk.
    case intentApproved = "intent-approved"
    /// Rows are in the file's transaction, which is not committed: an intent's, an attempt's, a
    /// booking's, whichever passage is named.
    case commitBegun = "commit-begun"
    /// Committed and in the kernel's hands; not on the platter.
    case intentWritten = "intent-written"
    case syncBegun = "sync-begun"
    /// On the platter; nobody was told.
    case syncDone = "sync-done"
    case intentDurable = "intent-durable"
    /// The engine wants it sent; there are no bytes.
    case sendDecided = "send-decided"
    /// The bytes of an attempt exist; nothing is on disk.
    case attemptMade = "attempt-made"
    case attemptWritten = "attempt-written"
    case attemptDurable = "attempt-durable"
    /// The transport has the bytes; none of them has left.
    case closeHandedOver = "close-handed-over"
    /// The venue has spoken; the engine has not heard it.
    case answerArrived = "answer-arrived"
    /// The engine has heard it; nothing that follows is done.
    case answerHeard = "answer-heard"
    /// The engine knows how it ended; nothing is booked.
    case endingKnown = "ending-known"
    case endingBooked = "ending-booked"
    /// Nobody has answered, and it is time to ask.
    case questionDue = "question-due"
    case lookUpHandedOver = "look-up-handed-over"
    case voidHandedOver = "void-handed-over"
    /// Somebody wants it to end; what is open is not finished.
    case drainAsked = "drain-asked"
    case drained = "drained"
    /// All that waited in memory is in its file; the end is not noted.
    case booksClosed = "books-closed"

    package static let variable = "BAILIFF_CRASH_AT"

    /// From one, in the order of a life.
    package var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    private static let armed = ArmedCrashPoint(ProcessEnvironment.all()[variable])
    private static let passagesLeft = Atomic(armed?.passageCount ?? 0)

    package static func reached(_ point: CrashPoint) {
        guard armed?.point == point,
            passagesLeft.subtract(1, ordering: .relaxed).newValue == 0
        else { return }
        kill(getpid(), SIGKILL)
    }
}

private struct ArmedCrashPoint {
    let point: CrashPoint
    /// It happens at this passage, counted from 1.
    let passageCount: Int

    /// Nil for whatever names no point: then none is armed.
    init?(_ text: String?) {
        let parts = (text ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first, let point = CrashPoint(rawValue: name),
            let count = parts.count == 1 ? 1 : Int(parts[1]), count > 0
        else { return nil }
        self.point = point
        passageCount = count
    }
}
