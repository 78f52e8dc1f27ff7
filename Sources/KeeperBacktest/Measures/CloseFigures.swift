package import KeeperJournal
package import KeeperModel
package import WideMath

/// One close as the books have it, by cause.
package struct CloseFigures: Hashable, Sendable {
    package let clientID: ClientID
    package let target: Target
    package let createdAt: Instant
    package let endedAt: Instant?
    package let ending: String
    package let expectedUnits: Int256
    package let netUnits: Int256
    /// Each cause once, in the order of `MoneyCause`.
    package let causes: [MoneyCause: Int256]
    package let isWon: Bool

    package init(
        clientID: ClientID, target: Target, createdAt: Instant, endedAt: Instant?, ending: String,
        expectedUnits: Int256, causes: [MoneyCause: Int256]
    ) {
        self.clientID = clientID
        self.target = target
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.ending = ending
        self.expectedUnits = expectedUnits
        self.causes = causes
        isWon = ending == "won"
        netUnits = MoneyCause.allCases.reduce(.zero) { $0 + (causes[$1] ?? .zero) }
    }

    package init(_ close: JournaledClose) {
        var causes: [MoneyCause: Int256] = [:]
        for movement in close.ending?.receipt?.movements ?? [] {
            guard let cause = MoneyCause(movement.cause) else { continue }
            causes[cause, default: .zero] += movement.valueUnits
        }
        self.init(
            clientID: close.intent.plan.clientID, target: close.intent.plan.target,
            createdAt: close.createdAt, endedAt: close.endedAt,
            ending: close.ending?.label ?? "open",
            expectedUnits: close.intent.expectation.netUnits, causes: causes)
    }
}

/// The causes that a person thinks in; loans come and go whole and are none.
package enum MoneyCause: String, Hashable, Sendable, CaseIterable {
    case bonus
    case incentive
    case exit
    case flashPremium
    case venueFee
    case gas

    init?(_ cause: MovementCause) {
        switch cause {
        case .seized, .repaid: self = .bonus
        case .incentive: self = .incentive
        case .exitSold, .exitProceeds: self = .exit
        case .flashPremium: self = .flashPremium
        case .venueFee: self = .venueFee
        case .gas: self = .gas
        case .openingBalance, .deposit, .withdrawal, .flashBorrowed, .flashRepaid, .toppedUp,
            .swept:
            return nil
        }
    }

    package var people: String {
        switch self {
        case .bonus: "bonus of seized collateral"
        case .incentive: "incentives"
        case .exit: "exit against the oracle"
        case .flashPremium: "flash premiums"
        case .venueFee: "venue fees"
        case .gas: "gas"
        }
    }
}
