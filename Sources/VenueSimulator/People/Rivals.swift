package import KeeperModel
import LiquidationRules
import WideMath

/// What somebody at the venue did, for whoever tells or counts it.
package struct PersonAct: Hashable, Sendable {
    package let who: String
    /// A closed set of words for each kind of person.
    package let what: String
    package let detail: String
}

/// The other keepers of a venue: seeded, under their own names, with the same rules, the same door
/// or pool, the same books to sell into, and purses of their own.
package struct Rivals: Sendable {
    private var rivals: [Rival]
    private var generator: SeededGenerator
    /// Of the calls that rivals were shown; never the confidential one.
    package private(set) var shownLanes: Set<LaneClass> = []

    package init(_ kinds: [RivalKind], seed: UInt64) {
        var generator = SeededGenerator(seed: seed ^ 0x7269_7661_6C73)
        rivals = kinds.map { Rival($0, drawnFrom: &generator) }
        self.generator = generator
    }

    package var kinds: [RivalKind] { rivals.map(\.kind) }

    /// Everybody's turn in this height, in the order in which they come.
    package mutating func delays() -> [(RivalKind, milliseconds: UInt64)] {
        rivals.map { ($0.kind, generator.number(in: $0.kind.delayMilliseconds)) }
    }

    package mutating func act(
        _ kind: RivalKind, on venue: inout ReferenceVenue, through chain: inout SimulatedChain?
    ) -> [PersonAct] {
        guard let index = rivals.firstIndex(where: { $0.kind == kind }),
            isThere(index, at: venue.height)
        else { return [] }
        let sizing = PlainSizing(
            custody: venue.world.custody, holder: .keeper(kind.name), depth: venue.world.depth,
            quote: venue.scenario.quote.asset, holdsWhatIsLeft: kind == .greedy)
        let picks = rivals[index].picks(venue.plainOffers(), sizing, height: venue.height)
        var acts: [PersonAct] = []
        for pick in picks {
            rivals[index].sentCount += 1
            let plan = ClosePlan(
                clientID: ClientID("\(kind.name)-\(rivals[index].sentCount)"),
                target: Target(
                    domain: Self.domain, market: pick.place.market, account: pick.place.account),
                accountVersion: pick.version, action: pick.close.action,
                validUntilHeight: venue.height + 6)
            if chain == nil {
                acts.append(close(plan, by: kind, on: &venue))
            } else {
                acts += send(plan, gainUnits: pick.close.gainUnits, index, venue, &chain)
            }
        }
        return acts
    }

    /// A venue knows its markets; whose domain it is, is the keeper's business.
    private static let domain = DomainID("venue")

    private mutating func isThere(_ index: Int, at height: UInt64) -> Bool {
        if rivals[index].kind == .absent, height >= rivals[index].absentUntil,
            generator.chance(ppm: 120_000)
        {
            rivals[index].absentUntil = height + generator.number(in: 3...20)
        }
        let isAwake = height >= rivals[index].absentUntil
        return generator.chance(ppm: rivals[index].attentionPpm) && isAwake
    }

    private func close(
        _ plan: ClosePlan, by kind: RivalKind, on venue: inout ReferenceVenue
    ) -> PersonAct {
        let reply = venue.close(plan, bodyHash: plan.clientID.text, keeper: kind.name)
        let word: String
        switch reply {
        case .answered(.settled, _): word = "closed"
        case .answered(.refused(let refusal), _): word = "refused-" + refusal.refusalClass.rawValue
        case .answered(.pending, _): word = "bid"
        case .answered(.tombstone, _), .keyReused, .tooManyCalls: word = "turned-away"
        }
        return PersonAct(who: kind.name, what: word, detail: plan.storyText)
    }

    // MARK: On a chain

    /// One call at a time; one that waits too long is bid for anew.
    private mutating func send(
        _ plan: ClosePlan, gainUnits: Int256, _ index: Int, _ venue: ReferenceVenue,
        _ chain: inout SimulatedChain?
    ) -> [PersonAct] {
        guard var pool = chain else { return [] }
        let name = rivals[index].kind.name
        let waiting = pool.waitingBid(of: name)
        guard waiting == nil || venue.height >= rivals[index].sentAtHeight + 4 else { return [] }
        let terms = pool.terms
        let seen = pool.openCalls(except: name)
        shownLanes.formUnion(seen.map(\.lane.laneClass))
        // Whoever reads the pool knows what has to be topped.
        let highest = seen.map(\.tip).max() ?? .zero
        var tip = bid(for: gainUnits, index, venue, pool)
        if rivals[index].kind == .fast { tip = max(tip, min(highest + .one, tip * UInt256(8))) }
        var feeMax = pool.congestion.price.baseFee * UInt256(2) + tip
        if let waiting {
            tip = max(tip, waiting.tip * UInt256(2))
            feeMax = max(feeMax, waiting.feeMax * UInt256(2))
        }
        let isSealed = rivals[index].kind == .sealedBid
        let lane = terms.lanes.first { ($0.laneClass == .confidential) == isSealed }
        let attempt = CloseAttempt(
            intent: CloseIntent(
                plan: plan, by: StrategyRun(StrategyName("rival"), version: 1),
                expectation: Expectation(
                    grossUnits: gainUnits, costUnits: .zero, inventoryNeeded: [],
                    notionalUnits: .zero),
                proposedAt: venue.world.now, decidedBy: 0),
            terms: AttemptTerms(
                number: 1, purpose: .close, lane: lane ?? .venueAPI,
                bid: GasBid(
                    nonce: pool.news(for: name).nextNonce, gasLimit: terms.gasPerClose,
                    feeMax: feeMax, tip: tip, costMaxUnits: .zero)))
        let answer = pool.send(attempt, from: name, height: venue.height)
        rivals[index].sentAtHeight = venue.height
        chain = pool
        return [
            PersonAct(
                who: name, what: answer == .accepted ? "called" : "turned-away",
                detail: plan.storyText + ", tip \(tip)")
        ]
    }

    /// What each gas is worth to it: a share of its profit, or what is usual.
    private func bid(
        for gainUnits: Int256, _ index: Int, _ venue: ReferenceVenue, _ chain: SimulatedChain
    ) -> UInt256 {
        let usual = max(chain.congestion.price.usualTip, .one)
        guard rivals[index].kind == .sealedBid, !gainUnits.isNegative,
            let mark = venue.world.marks[chain.terms.gasAsset], !mark.price.isZero
        else { return usual * UInt256(1 + rivals[index].bidSharePpm / 200_000) }
        let share = gainUnits.magnitude * UInt256(rivals[index].bidSharePpm) / UInt256(1_000_000)
        // A share that does not fit is nobody's profit.
        let amount = try? mulDiv(share, mark.unit, dividingBy: mark.price, rounding: .down)
        return max(usual, (amount ?? .zero) / UInt256(chain.terms.gasPerClose))
    }
}

extension ReferenceVenue {
    /// Everybody who may be closed now, with what the rules offer.
    func plainOffers() -> [(place: Rival.Place, version: UInt64, offers: [PlainOffer])] {
        scenario.markets.flatMap { market in
            guard let host = markets[market] else {
                return [(place: Rival.Place, version: UInt64, offers: [PlainOffer])]()
            }
            return (snapshot(of: market) ?? []).compactMap { state in
                let offers = host.offers(on: state.position)
                guard !offers.isEmpty else { return nil }
                return (Rival.Place(market: market, account: state.account), state.version, offers)
            }
        }
    }
}

extension ClosePlan {
    fileprivate var storyText: String {
        let place = "\(target.account) in \(target.market)"
        switch action {
        case .lending(let close), .purchase(let close):
            return "\(place), pays up to \(close.repayAmountMax) \(close.repayAsset) "
                + "for \(close.seizeAsset)"
        case .margin(let close): return "\(place), \(close.lots) lots"
        case .push: return "\(place), a push"
        case .sequence(let closes): return "\(place), \(closes.count) closes at once"
        case .transfer(let transfer): return "\(place), a \(transfer.direction.rawValue)"
        }
    }
}
