package import KeeperModel
package import WideMath

/// Whom a result was contested by: without that it says what nobody would have earned.
package enum RivalAssumption: Hashable, Sendable {
    case none
    /// The closes of others that the recording holds.
    case recorded(closeCount: Int)
    /// So many keepers that know as much as we do.
    case equals(count: Int)

    package var people: String {
        switch self {
        case .none: "no rivals"
        case .recorded(let count): "the \(count) closes of others in the recording"
        case .equals(let count): "\(count) rivals of equal information"
        }
    }
}

/// What the one figure at the top of a report rests on.
package struct HeadlineEvidence: Hashable, Sendable {
    package let netUnits: Int256
    /// Of all accounts that were eligible, the most that each could have brought.
    package let bonusUnits: Int256
    package let contestCount: Int
    package let wonCount: Int
    package let rivals: RivalAssumption
    package let eventCount: Int
    package let isReconciled: Bool

    package init(
        netUnits: Int256, bonusUnits: Int256, contestCount: Int, wonCount: Int,
        rivals: RivalAssumption, eventCount: Int, isReconciled: Bool
    ) {
        self.netUnits = netUnits
        self.bonusUnits = bonusUnits
        self.contestCount = contestCount
        self.wonCount = wonCount
        self.rivals = rivals
        self.eventCount = eventCount
        self.isReconciled = isReconciled
    }
}

/// Why there is no headline. A result may still be looked at; it may not be quoted.
package enum HeadlineRefusal: Hashable, Sendable {
    case aboveBonus(netUnits: Int256, bonusUnits: Int256)
    case noRivals
    case shareAboveRivals(wonCount: Int, contestCount: Int, rivalCount: Int)
    case fewEvents(count: Int, countMin: Int)
    case notReconciled
    case severalUnits([AssetID])

    package var people: String {
        switch self {
        case .aboveBonus:
            "the net is above the summed bonus of all accounts that were eligible: "
                + "something was earned that was not there"
        case .noRivals: "nobody else took part, so winning was no question"
        case .shareAboveRivals(let won, let contests, let rivals):
            "\(won) of \(contests) chances were won against \(rivals) rivals that know as much: "
                + "more than chance and equal information allow"
        case .fewEvents(let count, let countMin):
            "\(count) independent \(count == 1 ? "event" : "events"); "
                + "a figure needs at least \(countMin)"
        case .notReconciled: "the books differ from those of the venue"
        case .severalUnits(let units):
            "the venues count in \(Set(units).sorted().map(\.text).joined(separator: " and in ")): "
                + "there is no sum of that"
        }
    }
}

extension HeadlineEvidence {
    package static let eventCountMin = 30

    /// Empty where the net may stand at the top.
    package var refusals: [HeadlineRefusal] {
        var refusals: [HeadlineRefusal] = []
        if !isReconciled { refusals.append(.notReconciled) }
        if netUnits > max(.zero, bonusUnits) {
            refusals.append(.aboveBonus(netUnits: netUnits, bonusUnits: bonusUnits))
        }
        switch rivals {
        case .none, .recorded(closeCount: 0), .equals(count: 0): refusals.append(.noRivals)
        case .equals(let count) where isShareAboveChance(of: count):
            refusals.append(
                .shareAboveRivals(
                    wonCount: wonCount, contestCount: contestCount, rivalCount: count))
        case .recorded, .equals: break
        }
        if eventCount < Self.eventCountMin {
            refusals.append(.fewEvents(count: eventCount, countMin: Self.eventCountMin))
        }
        return refusals
    }

    /// Among equals each wins one chance in k + 1. More than three standard deviations of the
    /// binomial law above that is no luck: w(k+1) − n > 3·√(n·k), squared to stay in integers.
    private func isShareAboveChance(of rivalCount: Int) -> Bool {
        let excess = wonCount * (rivalCount + 1) - contestCount
        guard excess > 0 else { return false }
        return excess * excess > 9 * contestCount * rivalCount
    }
}
