package import KeeperModel

/// One account-day: in what state it began, and what its owner did until the next.
package struct CustomerDay: Hashable, Sendable {
    package let healthPpm: UInt64
    /// Since the owner's last move, or since the account was first seen.
    package let quietDays: UInt64
    package let move: CustomerMove?
    /// Of the collateral or the debt that was moved; nothing where nothing was.
    package let sizePpm: UInt64

    package init(healthPpm: UInt64, quietDays: UInt64, move: CustomerMove?, sizePpm: UInt64) {
        self.healthPpm = healthPpm
        self.quietDays = quietDays
        self.move = move
        self.sizePpm = sizePpm
    }
}

/// Account-days of some users.
package struct CustomerSample: Hashable, Sendable {
    package private(set) var userCount = 0
    package private(set) var moveCount = 0
    package private(set) var days: [CustomerDay] = []

    package init() {}

    package mutating func add(_ days: [CustomerDay]) {
        guard !days.isEmpty else { return }
        userCount += 1
        moveCount += days.count { $0.move != nil }
        self.days += days
    }
}

/// Two halves of the users, by the order of a seeded hash of their names: one is fitted on, the
/// other scored on. Days of one user are alike, so a user is never in both.
package struct CustomerHalves: Hashable, Sendable {
    package private(set) var fitted = CustomerSample()
    package private(set) var scored = CustomerSample()

    package init(_ users: [(account: AccountID, days: [CustomerDay])], seed: UInt64) {
        let drawn = users.filter { !$0.days.isEmpty }.map { user in
            var generator = SeededGenerator(seed: NameHash.fnv(user.account.text) ^ seed)
            return (draw: generator.next(), user: user)
        }.sorted { ($0.draw, $0.user.account) < ($1.draw, $1.user.account) }
        for (place, user) in drawn.enumerated() {
            if place < drawn.count / 2 {
                fitted.add(user.user.days)
            } else {
                scored.add(user.user.days)
            }
        }
    }
}
