package import KeeperModel
import WideMath

/// One balance of an account: which reserve it is of, and how much before the reserve's index.
package struct LinearLeg: Hashable, Sendable {
    package let reserve: UInt8
    package let isDebt: Bool
    package let amount: UInt128

    package init(reserve: UInt8, isDebt: Bool, amount: UInt128) {
        self.reserve = reserve
        self.isDebt = isDebt
        self.amount = amount
    }

    /// Below this nothing is left of an amount by which it may be rounded, and from the upper bound
    /// on the sums of a scan might not fit: such an account is watched by its rule.
    package static let amounts: Range<UInt128> = 8..<(1 << 96)
    package static let collateralCountMax = 6
    package static let debtCountMax = 7
    package static let reserveCountMax = 256
}

/// What one smallest unit of a scaled balance counts for at present, in 2^40 of the base currency's
/// smallest units.
package struct LinearReserve: Hashable, Sendable {
    package let collateral: OutwardFloat
    package let debt: OutwardFloat
    /// The thresholds by which collateral counts at least, by itself and beside other collateral,
    /// and at most; in basis points.
    package let aloneBps: UInt32
    package let besideBps: UInt32
    package let mostBps: UInt32
    /// As `mostBps`, where whether the collateral covers the debt is asked, without thresholds.
    package let countedBps: UInt32
    /// How restless the price is beside others: parts of the room go by this.
    package let restlessness: UInt32
    /// Whether balances of more than 64 bits are usual.
    package let isWide: Bool

    package init(
        collateral: OutwardFloat, debt: OutwardFloat, aloneBps: UInt32, besideBps: UInt32,
        mostBps: UInt32, countedBps: UInt32, restlessness: UInt32, isWide: Bool
    ) {
        self.collateral = collateral
        self.debt = debt
        self.aloneBps = aloneBps
        self.besideBps = besideBps
        self.mostBps = mostBps
        self.countedBps = countedBps
        self.restlessness = restlessness
        self.isWide = isWide
    }

    /// Thresholds up to here are paid for by what the kernels hold back for roundings.
    package static let thresholdBpsMax: UInt64 = 1 << 16
    package static let scaleExponent = -40
}

/// A line that an account can be below of.
package enum AccountLine: Hashable, Sendable {
    /// It may be closed: the protocol's own test.
    case eligible
    /// Its health is below one and so many parts per million: time to prepare.
    case armed(marginPpm: UInt32)
    /// What it holds is worth less than what it owes.
    case insolvent
}

extension PublishedMarketRules {
    package var linearReserveCount: Int { 0 }
    package func linearReserve(_ number: Int) -> LinearReserve? { nil }
    package func linearReserve(ofVariable variable: Int) -> Int? { nil }
    package func linearLegs(
        of published: AccountPosition, into legs: inout [LinearLeg]
    ) -> Bool { false }
    package func position(ofLegs legs: [LinearLeg]) -> Position? { nil }
    package func isLiquidatable(legs: [LinearLeg]) -> Bool {
        position(ofLegs: legs).map { isLiquidatable($0) } ?? false
    }
}

extension MarketRules {
    /// Markets that do not say what an account's holdings are worth have no insolvent accounts.
    package func isInsolvent(_ position: Position) -> Bool { false }

    package func isBelow(_ line: AccountLine, _ position: Position) -> Bool {
        switch line {
        case .eligible: return isLiquidatable(position)
        case .insolvent: return isInsolvent(position)
        case .armed(let marginPpm):
            let (scaled, overflow) = healthWad(position)
                .multipliedReportingOverflow(by: UInt256(1_000_000))
            return !overflow && scaled < wad * UInt256(1_000_000 + UInt64(marginPpm))
        }
    }
}
