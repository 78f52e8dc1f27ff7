import KeeperModel

/// Targets that are left alone for a while, and until when. Every entry expires.
struct CoolDowns {
    private var until: [Target: Instant] = [:]

    mutating func start(_ target: Target, until end: Instant) {
        until[target] = max(end, until[target] ?? end)
    }

    mutating func end(_ target: Target, now: Instant) {
        guard let end = until[target], end <= now else { return }
        until[target] = nil
    }

    func holds(_ target: Target, at now: Instant) -> Bool {
        guard let end = until[target] else { return false }
        return now < end
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
