package import KeeperModel

extension EventBody {
    /// Whether plans are made anew because of it. What only refines a plan (an index, a pool, a
    /// balance) waits for the next price, which is never far.
    package var mayChangePlans: Bool {
        switch self {
        case .pricesPublished, .depthPublished, .accountsReplaced, .accountsChanged,
            .closeAnswered, .questionAnswered, .timerFired, .marketSwitched, .approvalGiven,
            .clocksParted:
            true
        case .accountsPaged(_, let page): page.isLast
        default: false
        }
    }

    /// Whether plans may be made after the next word instead, where that has arrived already. A
    /// price is acted on at once, whatever waits behind it, and so is what a person or a clock
    /// says.
    package var plansCanWait: Bool {
        switch self {
        case .closeAnswered, .accountsChanged, .depthPublished: true
        default: false
        }
    }
}
