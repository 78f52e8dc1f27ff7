import KeeperModel
import LiquidationRules
import Testing
import WideMath

@Suite struct SettlementTests {
    static func close(
        proceeds: Int64, principal: Int64, equity: Int64 = 0, maintenance: Int64 = 100,
        reserve: Int64 = 0, closedEquity: Int64 = 0
    ) -> ReducedClose {
        ReducedClose(
            height: 5, account: AccountID("acc"), notional: proceeds, proceeds: proceeds,
            obligations: Obligations(principal: principal, interest: 0, fees: 0), equity: equity,
            maintenance: maintenance, closedEquity: closedEquity, reserve: reserve)
    }

    @Test func `a breach is strict and at most all of the requirement`() {
        func breach(_ equity: Int64, _ maintenance: Int64) -> Int64 {
            Self.close(proceeds: 0, principal: 0, equity: equity, maintenance: maintenance)
                .breachPpm
        }
        #expect(breach(100, 100) == 0)
        #expect(breach(99, 100) == 10_000)
        #expect(breach(0, 100) == 1_000_000)
        #expect(breach(-1_000, 100) == 1_000_000)
        #expect(breach(-1, 0) == 1_000_000)
    }

    @Test func `a healthy account keeps its surplus under every policy`() throws {
        let close = Self.close(proceeds: 500, principal: 400, equity: 100, maintenance: 100)
        for example in ExamplePolicy.allCases {
            let result = try SettlementState(fund: 7).settle(
                close, under: example.policy, bearers: .claims([]))
            #expect(result.lines.last?.beneficiary == "account")
            #expect(result.lines.last?.amountUnits == 100)
            #expect(result.penalty == 0 && result.state.fund == 7)
        }
    }

    /// Nothing else can pay under this policy: no backstop, no socialising, nobody to deleverage.
    @Test func `what no layer covers becomes bad debt and is repaid before the fund grows`() throws
    {
        let policy = try ExamplePolicy.fundTakesAll.policy
        let broken = try SettlementState(fund: 30).settle(
            Self.close(proceeds: 100, principal: 190, reserve: 10), under: policy,
            bearers: .claims([SocialClaim(account: AccountID("lender"), amount: 1_000)]))
        #expect(broken.state == SettlementState(fund: 0, badDebt: 50))
        #expect(
            broken.lines.map { "\($0.beneficiary) \($0.amountUnits) \($0.reason)" } == [
                "proceeds -100 proceeds", "principal 100 recovered", "account -10 reserve",
                "fund -30 deficit", "badDebt -50 badDebt", "principal 40 covered",
                "principal 50 owed",
            ])
        let repaid = try broken.state.settle(
            Self.close(proceeds: 100, principal: 30), under: policy, bearers: .claims([]))
        #expect(repaid.state == SettlementState(fund: 20))
    }

    @Test func `a deficit of a loan is carried by its lenders in proportion`() throws {
        let policy = try ExamplePolicy.bonusAndRefund.policy
        let claims = [
            SocialClaim(account: AccountID("b"), amount: 300),
            SocialClaim(account: AccountID("a"), amount: 100),
        ]
        let result = try SettlementState().settle(
            Self.close(proceeds: 0, principal: 40), under: policy, bearers: .claims(claims))
        #expect(result.socialised.map(\.account.text) == ["a", "b"])
        #expect(result.socialised.map(\.amount) == [10, 30])
        #expect(result.state.badDebt == 0)
    }

    @Test func `harm is recorded in the order it was done and expires with the window`() throws {
        var policy = try ExamplePolicy.community.policy
        policy.penalty.windowHeights = 3
        let old = [2, 3].map { HarmRecord(account: AccountID("h\($0)"), height: $0, loss: 9) }
        let result = try SettlementState(harmed: old).settle(
            Self.close(proceeds: 100, principal: 100, closedEquity: 60), under: policy,
            bearers: .claims([]))
        #expect(
            result.state.harmed == [
                old[1], HarmRecord(account: AccountID("acc"), height: 5, loss: 60),
            ])
    }

    @Test func `inputs outside their range are refused before anything moves`() throws {
        let policy = try ExamplePolicy.community.policy
        let state = SettlementState(fund: 1)
        #expect(throws: SettlementError.outOfRange("principal")) {
            try state.settle(
                Self.close(proceeds: 0, principal: -1), under: policy, bearers: .claims([]))
        }
        #expect(throws: SettlementError.outOfRange("equity")) {
            try state.settle(
                Self.close(proceeds: 0, principal: 0, equity: .min), under: policy,
                bearers: .claims([]))
        }
        #expect(throws: SettlementError.outOfRange("fund")) {
            try SettlementState(fund: Int256(Int64.max) + 1).settle(
                Self.close(proceeds: 0, principal: 0), under: policy, bearers: .claims([]))
        }
        let twice = [1, 2].map { SocialClaim(account: AccountID("a"), amount: $0) }
        #expect(throws: SettlementError.duplicateID("a")) {
            try state.settle(
                Self.close(proceeds: 0, principal: 0), under: policy, bearers: .claims(twice))
        }
    }

    @Test func `an empty loan is forgotten and a rule without overflow shares is refused`() throws {
        let rule = try ExamplePolicy.community.policy.fund
        let state = SettlementState(loans: [BackstopLoan(id: "pool-b", amount: 0)])
        #expect(try state.receiveContribution(5, under: rule).state == SettlementState(fund: 5))
        var shareless = rule
        shareless.overflowTreasuryPpm = 0
        #expect(throws: SettlementError.invalidRule(.overflowShares)) {
            try state.receiveFee(5, under: shareless)
        }
    }

    @Test func `a position whose value no 64 bits hold is refused`() throws {
        let market = ClosedMarket(
            closedSide: .long, closedLots: 1, bankruptcyPrice: 2, mark: 1 << 40,
            positions: [
                MarketPosition(
                    account: AccountID("p"),
                    position: MarginPosition(
                        side: .short, lots: 1 << 40, entryPrice: 1, marginUnits: 1))
            ])
        #expect(throws: SettlementError.outOfRange("lots of p")) {
            try SettlementState().settle(
                Self.close(proceeds: 0, principal: 0), under: ExamplePolicy.community.policy,
                bearers: .market(market))
        }
    }

    @Test func `a bust takes everything back and chains like any other record`() {
        let first = SettlementRecord(
            id: 7, revision: 0, previousHash: SettlementRecord.noPreviousHash, policyName: "p",
            policyVersion: 2, height: 9, account: "acc", keeper: "-",
            facts: [
                SettlementFact(name: "round", value: "3"), SettlementFact(name: "mark", value: "5"),
            ],
            lines: [
                SettlementLine(beneficiary: "proceeds", amountUnits: -4, reason: "proceeds"),
                SettlementLine(beneficiary: "account", amountUnits: 4, reason: "surplus"),
            ])
        #expect(first.canonicalText.contains("fact mark 5\nfact round 3\n"))
        let bust = first.bust(after: first.hash)
        #expect(bust.id == 7 && bust.revision == 1 && bust.previousHash == first.hash)
        #expect(bust.lines.map(\.amountUnits) == [4, -4])
        #expect(bust.hash != first.hash && bust.hash.utf8.count == 66)
    }
}
