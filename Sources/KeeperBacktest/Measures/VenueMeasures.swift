package import KeeperModel
package import WideMath

/// What the venue gained and suffered by the closes that settled, from its own records.
package struct VenueMeasures: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        /// Who got it, without the name of an account.
        package let beneficiary: String
        package let reason: String
        package let units: Int256
    }

    package struct FundPoint: Hashable, Sendable {
        package let height: Int64
        package let units: Int256
    }

    package let settlementCount: Int
    /// What closes fetched above what they were owed.
    package let surplusUnits: Int256
    /// Where penalties and surplus went, in the order of the names.
    package let shared: [Line]
    /// The fund as the closes moved it; it starts at nothing, because a recording does not say what
    /// is in it.
    package let fund: [FundPoint]
    package let fundDrawdownUnits: Int256
    package let recoveryPpm: Int256
    package let deficitUnits: Int256
    package let deficitPerNotionalPpm: Int256
    package let deleveragedUnits: Int256
    package let socialisedUnits: Int256
    package let badDebtUnits: Int256
    package let loanUnits: Int256
    /// The fund's change beside what is owed out of it: bad debt and loans. Nil where nothing is.
    package let solvencyPpm: Int256?

    private static let million = Int256(1_000_000)

    package init(_ records: [SettlementRecord]) {
        var sums = SettlementSums()
        for record in records { sums.take(record) }
        settlementCount = records.count
        surplusUnits = max(.zero, sums.proceeds - sums.recovered)
        shared = sums.shared.keys.sorted().map { key in
            Line(
                beneficiary: key.beneficiary, reason: key.reason,
                units: sums.shared[key] ?? .zero)
        }
        fund = sums.fund
        fundDrawdownUnits = sums.fundDrawdown
        deficitUnits = sums.unpaid
        recoveryPpm =
            Self.ratioPpm(sums.recovered, of: sums.recovered + sums.unpaid) ?? Self.million
        deficitPerNotionalPpm = Self.ratioPpm(sums.unpaid, of: sums.proceeds) ?? .zero
        deleveragedUnits = sums.deleveraged
        socialisedUnits = sums.socialised
        badDebtUnits = sums.badDebt
        loanUnits = sums.loans
        solvencyPpm = Self.ratioPpm(sums.fundUnits, of: sums.badDebt + sums.loans)
    }

    private static func ratioPpm(_ part: Int256, of whole: Int256) -> Int256? {
        guard whole > .zero else { return nil }
        return (part * million).quotient(dividingBy: whole, rounding: .down)
    }
}

/// Sums over the lines of records; the words are those of the settlement law.
private struct SettlementSums {
    struct Key: Hashable, Comparable {
        let beneficiary: String
        let reason: String

        static func < (left: Key, right: Key) -> Bool {
            (left.beneficiary, left.reason) < (right.beneficiary, right.reason)
        }
    }

    var proceeds = Int256.zero
    var recovered = Int256.zero
    var unpaid = Int256.zero
    var deleveraged = Int256.zero
    var socialised = Int256.zero
    var badDebt = Int256.zero
    var loans = Int256.zero
    var fundUnits = Int256.zero
    var fundDrawdown = Int256.zero
    var shared: [Key: Int256] = [:]
    var fund: [VenueMeasures.FundPoint] = []
    private var fundPeak = Int256.zero

    private static let creditors = ["principal", "interest", "fees"]
    private static let sharing = ["penalty", "surplus", "unclaimed", "incentive", "minimum"]

    mutating func take(_ record: SettlementRecord) {
        let before = fundUnits
        for line in record.lines { take(line) }
        guard fundUnits != before else { return }
        fundPeak = max(fundPeak, fundUnits)
        fundDrawdown = max(fundDrawdown, fundPeak - fundUnits)
        fund.append(VenueMeasures.FundPoint(height: record.height, units: fundUnits))
    }

    private mutating func take(_ line: SettlementLine) {
        let kind = String(line.beneficiary.prefix { $0 != ":" })
        let units = line.amountUnits
        switch (kind, line.reason) {
        case ("proceeds", _): proceeds -= units
        case (_, "recovered") where Self.creditors.contains(kind): recovered += units
        case (_, "covered"), (_, "owed"), (_, "waived"):
            if Self.creditors.contains(kind) { unpaid += units }
        case (_, "deleveraged"): deleveraged -= units
        case (_, "socialised"): socialised -= units
        case ("badDebt", _): badDebt -= units
        case ("backstop", _): loans -= units
        default: break
        }
        if kind == "fund" { fundUnits += units }
        if Self.sharing.contains(line.reason) {
            shared[Key(beneficiary: kind, reason: line.reason), default: .zero] += units
        }
    }
}
