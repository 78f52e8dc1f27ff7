package import WideMath

/// What the books say of the last day: limits that count over time go on from here after a restart.
package struct PastDay: Hashable, Sendable {
    /// An intent that ended.
    package struct Ending: Hashable, Sendable {
        package let approvedAt: Instant
        package let endedAt: Instant
        /// What it earned, gas included; nothing where nothing moved.
        package let netUnits: Int256
        package let gasUnits: UInt256
        /// The venue refused it, or a chain carried it out in vain.
        package let hasFailed: Bool

        package init(
            approvedAt: Instant, endedAt: Instant, netUnits: Int256, gasUnits: UInt256,
            hasFailed: Bool
        ) {
            self.approvedAt = approvedAt
            self.endedAt = endedAt
            self.netUnits = netUnits
            self.gasUnits = gasUnits
            self.hasFailed = hasFailed
        }

        package init(_ ending: IntentEnding, approvedAt: Instant, endedAt: Instant) {
            let movements = ending.receipt?.movements ?? []
            self.init(
                approvedAt: approvedAt, endedAt: endedAt,
                netUnits: movements.reduce(.zero) { $0 + $1.valueUnits },
                gasUnits: movements.reduce(.zero) {
                    $1.cause == .gas ? $0 + $1.valueUnits.magnitude : $0
                }, hasFailed: ending.hasFailed)
        }
    }

    /// In the order in which they ended.
    package let endings: [Ending]

    package init(endings: [Ending]) {
        self.endings = endings
    }
}

extension IntentEnding {
    /// It reached the venue and did nothing there.
    package var hasFailed: Bool {
        switch self {
        case .refused, .reverted: true
        case .won, .voided, .cancelled, .withdrawn: false
        }
    }
}
