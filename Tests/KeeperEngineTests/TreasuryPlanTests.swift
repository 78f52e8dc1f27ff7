import KeeperEngine
import KeeperModel
import KeeperRisk
import Testing
import WideMath

@Suite struct TreasuryPlanTests {
    static let venue = DomainID("v")

    static func rule(
        _ asset: String = "USD", floor: UInt256 = 100, target: UInt256 = 200,
        ceiling: UInt256 = 400, perTransfer: UInt256 = 1_000, perDay: UInt256 = 5_000
    ) -> PurseRule {
        PurseRule(
            domain: venue, asset: AssetID(asset), decimals: 6, floor: floor, target: target,
            ceiling: ceiling, perTransferMax: perTransfer, perDayMax: perDay)
    }

    static func purse(
        _ owned: UInt256, reserved: UInt256 = 0, reserve: UInt256 = 10_000,
        dayRoom: UInt256 = 5_000, isUnderWay: Bool = false, restsUntil: Instant? = nil
    ) -> PurseState {
        PurseState(
            owned: owned, available: owned - reserved, reserve: reserve, dayRoom: dayRoom,
            isUnderWay: isUnderWay, restsUntil: restsUntil)
    }

    static func outcome(_ purse: PurseState, _ rule: PurseRule = rule()) -> String {
        let plan = TreasuryPlan(domain: venue, gasAsset: nil, purses: [(rule, purse)])
        return switch plan.lines[0].outcome {
        case .balanced: "balanced"
        case .underWay: "under way"
        case .resting: "resting"
        case .due(let transfer): "\(transfer.direction.rawValue) \(transfer.amount)"
        case .blocked(let reason): reason.rawValue
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let owned: UInt256
        var reserved: UInt256 = 0
        var reserve: UInt256 = 10_000
        var dayRoom: UInt256 = 5_000
        var perTransfer: UInt256 = 1_000
        let outcome: String
        var testDescription: String { "\(owned), \(reserved) reserved: \(outcome)" }
    }

    @Test(arguments: [
        Case(owned: 100, outcome: "balanced"),
        Case(owned: 99, outcome: "topUp 101"),
        Case(owned: 0, outcome: "topUp 200"),
        Case(owned: 400, outcome: "balanced"),
        Case(owned: 401, outcome: "sweep 201"),
        Case(owned: 50, reserve: 30, outcome: "topUp 30"),
        Case(owned: 50, reserve: 0, outcome: "reserve-short"),
        Case(owned: 50, dayRoom: 20, outcome: "topUp 20"),
        Case(owned: 50, dayRoom: 0, outcome: "transfers-per-day"),
        Case(owned: 50, perTransfer: 10, outcome: "topUp 10"),
        Case(owned: 900, reserved: 850, outcome: "sweep 50"),
        Case(owned: 900, reserved: 900, outcome: "inventory-reserved"),
        Case(owned: 900, perTransfer: 10, outcome: "sweep 10"),
        Case(owned: 120, reserved: 120, outcome: "balanced"),
    ])
    func `a purse below its floor is filled to the target, above its ceiling emptied to it`(
        row: Case
    ) {
        let purse = Self.purse(
            row.owned, reserved: row.reserved, reserve: row.reserve, dayRoom: row.dayRoom)
        #expect(Self.outcome(purse, Self.rule(perTransfer: row.perTransfer)) == row.outcome)
    }

    @Test func `an asset whose transfer is open, or that rests, is left alone`() {
        #expect(Self.outcome(Self.purse(0, isUnderWay: true)) == "under way")
        let until = Instant(milliseconds: 5)
        #expect(Self.outcome(Self.purse(0, restsUntil: until)) == "resting")
    }

    @Test func `gas comes first, then what is lacking, then what is too much`() {
        let plan = TreasuryPlan(
            domain: Self.venue, gasAsset: AssetID("ETH"),
            purses: [
                (Self.rule("A"), Self.purse(900)), (Self.rule("Z"), Self.purse(0)),
                (Self.rule("ETH"), Self.purse(900)), (Self.rule("B"), Self.purse(0)),
            ])
        #expect(plan.transfers.map(\.asset.text) == ["ETH", "B", "Z", "A"])
    }

    @Test func `what the reserve lacks of a top-up is said`() {
        let plan = TreasuryPlan(
            domain: Self.venue, gasAsset: nil,
            purses: [(Self.rule(), Self.purse(50, reserve: 30))])
        #expect(plan.lines[0].lacking == 120)
    }

    @Test func `a plan's name names its transfers and nothing else`() {
        func plan(_ owned: UInt256, reserve: UInt256 = 10_000) -> TreasuryPlan {
            TreasuryPlan(
                domain: Self.venue, gasAsset: nil,
                purses: [(Self.rule(), Self.purse(owned, reserve: reserve))])
        }
        #expect(plan(50).name == plan(50, reserve: 9_000).name)
        #expect(plan(50).name != plan(51).name)
        #expect(plan(50).name != plan(550).name)
        #expect(plan(50).name.utf8.count == 16)
    }

    /// Whatever there is, a plan never takes more than is there, nor moves past the target.
    @Test func `no plan moves what is not there, or past the target`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let floor = UInt256(generator.number(in: 0...300))
            let target = floor + UInt256(generator.number(in: 0...300))
            let rule = Self.rule(
                floor: floor, target: target,
                ceiling: target + UInt256(generator.number(in: 0...300)),
                perTransfer: UInt256(generator.number(in: 1...400)))
            let owned = UInt256(generator.number(in: 0...1_200))
            let purse = Self.purse(
                owned, reserved: UInt256(generator.number(in: 0...(owned.asUInt64 ?? 0))),
                reserve: UInt256(generator.number(in: 0...400)),
                dayRoom: UInt256(generator.number(in: 0...400)))
            let plan = TreasuryPlan(domain: Self.venue, gasAsset: nil, purses: [(rule, purse)])
            guard let transfer = plan.transfers.first else { continue }
            #expect(!transfer.amount.isZero && transfer.amount <= purse.dayRoom)
            #expect(transfer.amount <= rule.perTransferMax)
            switch transfer.direction {
            case .topUp:
                #expect(transfer.amount <= purse.reserve && owned + transfer.amount <= target)
            case .sweep:
                #expect(transfer.amount <= purse.available && owned - transfer.amount >= target)
            }
        }
    }
}
