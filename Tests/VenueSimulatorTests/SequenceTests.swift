import KeeperModel
import Testing
import VenueSimulator
import WideMath

/// Several closes of one borrower are settled together or not at all.
@Suite struct SequenceTests {
    private struct Stage {
        let venue: ReferenceVenue
        let plan: ClosePlan
        let whole: LendingClose
    }

    private func stage(callsPerHeight: UInt64 = 50) throws -> Stage {
        let venue = try TestVenue.run(seed: 5, heights: 300, callsPerHeight: callsPerHeight)
        let plan = try #require(TestVenue.partialPlan(venue, key: "k"))
        guard case .lending(let whole) = plan.action else {
            throw Failure(description: "a lending plan was asked for")
        }
        return Stage(venue: venue, plan: plan, whole: whole)
    }

    private struct Failure: Error { let description: String }

    private func sequence(_ stage: Stage, seizingAtLeast least: UInt256) -> ClosePlan {
        func step(_ amount: UInt256, _ least: UInt256) -> LendingClose {
            LendingClose(
                repayAsset: stage.whole.repayAsset, repayAmountMax: amount,
                seizeAsset: stage.whole.seizeAsset, seizeAmountMin: least,
                funding: stage.whole.funding, exit: stage.whole.exit)
        }
        return ClosePlan(
            clientID: ClientID("s"), target: stage.plan.target,
            accountVersion: stage.plan.accountVersion,
            action: .sequence([step(1_000_000, .zero), step(.max, least)]),
            validUntilHeight: stage.plan.validUntilHeight)
    }

    @Test func `two steps are one fill, and the second finds what the first left`() throws {
        let stage = try stage()
        var venue = stage.venue
        venue.admit(keeper: "me")
        let assets = venue.scenario.assets.map(\.description.asset) + [venue.scenario.quote.asset]
        let before = assets.map { venue.world.custody.total(of: $0) }
        let answer = venue.close(
            sequence(stage, seizingAtLeast: .zero), bodyHash: "h", keeper: "me")
        guard case .answered(.settled(let receipt), _) = answer else {
            Issue.record("expected a settled close, got \(answer)")
            return
        }
        #expect(receipt.movements.filter { $0.cause == .repaid }.count == 2)
        #expect(receipt.settlements.count >= 2)
        #expect(receipt.movements.first { $0.cause == .repaid }?.amount == Int256(-1_000_000))
        #expect(venue.closes.settledCount == 1)
        #expect(assets.map { venue.world.custody.total(of: $0) } == before)
        let account = stage.plan.target.account
        #expect(
            venue.accounts[TestVenue.lending]?[account]?.version
                == stage.plan.accountVersion + 1)
    }

    @Test func `two steps are two calls to a venue that counts them`() throws {
        let stage = try stage(callsPerHeight: 1)
        var venue = stage.venue
        venue.admit(keeper: "me")
        let both = sequence(stage, seizingAtLeast: .zero)
        #expect(venue.close(both, bodyHash: "h", keeper: "me") == .tooManyCalls)
        #expect(venue.closes.settledCount == 0)
        let answer = venue.close(stage.plan, bodyHash: "h", keeper: "me")
        guard case .answered(.settled, _) = answer else {
            Issue.record("expected the one close to be settled, got \(answer)")
            return
        }
    }

    @Test func `two steps are evidence each, and what one leaves the other finds`() throws {
        let stage = try stage()
        var venue = stage.venue
        venue.keepsEvidence = true
        venue.admit(keeper: "me")
        _ = venue.close(sequence(stage, seizingAtLeast: .zero), bodyHash: "h", keeper: "me")
        let evidence = venue.takeEvidence()
        try #require(evidence.count == 2)
        let account = stage.plan.target.account
        func position(_ standing: CloseEvidence.Standing) -> AccountPosition? {
            standing.accounts.first { $0.account == account }?.position
        }
        #expect(position(evidence[0].before) != position(evidence[0].after))
        #expect(position(evidence[0].after) == position(evidence[1].before))
        #expect(evidence[0].after.settlement == evidence[1].before.settlement)
        #expect(
            position(evidence[1].after)
                == venue.accounts[TestVenue.lending]?[account]?.position)
    }

    @Test func `where the second is refused, the first has not happened`() throws {
        let stage = try stage()
        var venue = stage.venue
        venue.admit(keeper: "me")
        let before = venue.world
        let accounts = venue.snapshot(of: TestVenue.lending)
        let answer = venue.close(
            sequence(stage, seizingAtLeast: .max), bodyHash: "h", keeper: "me")
        guard case .answered(.refused(let refusal), _) = answer else {
            Issue.record("expected a refusal, got \(answer)")
            return
        }
        #expect(refusal.refusalClass == .slippage)
        #expect(venue.world.keeperBalances("me") == before.keeperBalances("me"))
        #expect(venue.world.depth == before.depth)
        #expect(venue.snapshot(of: TestVenue.lending) == accounts)
    }
}
