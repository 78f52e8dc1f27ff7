import KeeperModel

/// Targets that are left alone for a while, why, and until when. Every entry expires.
///
/// A failure rests a target for as long as its class says. From the third in a row it is in
/// quarantine: each failure doubles the rest, up to an hour, so that nothing loops for ever at the
/// cost of gas. A success forgets it all.
struct CoolDowns {
    struct Rest: Hashable {
        let until: Instant
        let reason: String
        /// How often in a row it failed.
        let failureCount: Int

        var isQuarantine: Bool { failureCount >= CoolDowns.quarantineFailureCount }
    }

    private static let quarantineFailureCount = 3
    private static let doublingsMax = 12
    private static let restMax = TimeSpan.seconds(3_600)
    /// Failures that lie so far apart are not in a row.
    private static let memory = TimeSpan.seconds(7_200)
    private static let sweepCount = 1_024

    private(set) var rests: [Target: Rest]

    init(rests: [Target: Rest] = [:]) {
        self.rests = rests
    }

    var count: Int { rests.count }

    /// After a success: the strategy's own pause, and a clean record.
    mutating func pause(_ target: Target, for span: TimeSpan, now: Instant) -> Instant? {
        rests[target] = nil
        guard span > .zero else { return nil }
        let rest = Rest(until: now + span, reason: "closed a moment ago", failureCount: 0)
        rests[target] = rest
        return rest.until
    }

    /// After a failure; returns when it ends.
    mutating func start(_ target: Target, after failure: RefusalClass, now: Instant) -> Instant {
        sweep(now: now)
        let earlier = rests[target].map { now - $0.until < Self.memory ? $0.failureCount : 0 } ?? 0
        let count = earlier + 1
        let rest = Rest(
            until: now + Self.span(failure.coolDown, failureCount: count),
            reason: failure.rawValue, failureCount: count)
        rests[target] = rest
        return rest.until
    }

    mutating func end(_ target: Target, now: Instant) {
        guard let rest = rests[target], rest.until <= now, rest.failureCount == 0 else { return }
        rests[target] = nil
    }

    mutating func forget(_ target: Target) {
        rests[target] = nil
    }

    /// What a target failed of, where that was once and not again and again; nil after a success.
    func firstFailure(of target: Target) -> String? {
        rests[target].flatMap { $0.failureCount == 1 ? $0.reason : nil }
    }

    /// What holds the target now, or nil.
    func rest(of target: Target, at now: Instant) -> Rest? {
        guard let rest = rests[target], now < rest.until else { return nil }
        return rest
    }

    private static func span(_ base: TimeSpan, failureCount: Int) -> TimeSpan {
        let doublings = min(max(0, failureCount - quarantineFailureCount + 1), doublingsMax)
        return min(TimeSpan(nanoseconds: base.nanoseconds << Int64(doublings)), restMax)
    }

    /// Bounds memory: what failed long ago is forgotten.
    private mutating func sweep(now: Instant) {
        guard rests.count >= Self.sweepCount else { return }
        rests = rests.filter { now - $0.value.until < Self.memory }
    }
}

extension RefusalClass {
    /// How long a target rests after the venue refused a close of it: long where asking again at
    /// once cannot help, nothing where the next price or version may change the answer.
    var coolDown: TimeSpan {
        switch self {
        case .healthy, .staleVersion, .unknownAccount, .expired: .milliseconds(200)
        case .slippage, .flashUnavailable, .insufficientFunds, .rateLimited: .seconds(2)
        case .limitViolated, .marketClosed: .seconds(30)
        case .keyReused, .malformed, .unauthorised, .voided: .seconds(600)
        }
    }
}
