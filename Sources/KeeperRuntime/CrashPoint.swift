import Glibc
import Synchronization

/// The instants of a close at which dying hurts most, one for each line between two things that
/// must not come apart.
///
/// A test names one in `BAILIFF_CRASH_AT`, as `intent-durable`, or as `intent-durable:3` for the
/// third time, and the program ends there by the signal that nobody can catch: no handler, no
/// flush, no farewell. Without the variable a point costs one comparison.
package enum CrashPoint: String, CaseIterable, Sendable {
    case decisionRecorded = "decision-recorded"
    /// Risk has approved the intent; nothing is on disk.
    case intentApproved = "intent-approved"
    case intentDurable = "intent-durable"
    /// The bytes of an attempt exist; nothing is on disk.
    case attemptMade = "attempt-made"
    case attemptDurable = "attempt-durable"
    /// The transport has the bytes; none of them has left.
    case closeHandedOver = "close-handed-over"
    /// The venue has spoken; the engine has not heard it.
    case answerArrived = "answer-arrived"
    /// The engine knows how it ended; nothing is booked.
    case endingKnown = "ending-known"
    case endingBooked = "ending-booked"
    case lookUpHandedOver = "look-up-handed-over"
    case voidHandedOver = "void-handed-over"

    package static let variable = "BAILIFF_CRASH_AT"

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
