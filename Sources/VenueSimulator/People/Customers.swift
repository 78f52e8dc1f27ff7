package import KeeperModel
import LiquidationRules
import WideMath

/// The owners of the accounts: now and then they do something, and the more the nearer their
/// account is to its line. Cash and collateral come from and go to what they have outside.
package struct Customers: Sendable {
    /// Of a height, at a health of one and below; far above it a tenth of that.
    private let hazardMaxPpm: UInt64
    private var generator: SeededGenerator

    package init(hazardMaxPpm: UInt64, seed: UInt64) {
        self.hazardMaxPpm = hazardMaxPpm
        generator = SeededGenerator(seed: seed ^ 0x6375_7374_6F6D)
    }

    package mutating func act(on venue: inout ReferenceVenue) -> [PersonAct] {
        var acts: [PersonAct] = []
        for market in venue.scenario.markets {
            for state in venue.snapshot(of: market) ?? [] {
                // Drawn at the highest hazard first, so that health is worked out for few.
                guard generator.chance(ppm: hazardMaxPpm),
                    let host = venue.markets[market],
                    let health = host.healthWad(of: state.position),
                    generator.chance(ppm: Self.sharePpm(ofHazardAt: health))
                else { continue }
                acts += act(state, at: health, market, &venue)
            }
        }
        return acts
    }

    /// All of it at 1.0, falling to a tenth at 1.3 and above.
    static func sharePpm(ofHazardAt healthWad: UInt256) -> UInt64 {
        let ppm = min((healthWad / 1_000_000_000_000).asUInt64 ?? .max, 2_000_000)
        guard ppm > 1_000_000 else { return 1_000_000 }
        return 1_000_000 - min(900_000, (ppm - 1_000_000) * 3)
    }

    private mutating func act(
        _ state: AccountState, at healthWad: UInt256, _ market: MarketID,
        _ venue: inout ReferenceVenue
    ) -> [PersonAct] {
        let isAfraid = healthWad < wad * UInt256(11) / UInt256(10)
        let choices: [CustomerAct] =
            isAfraid
            ? [.topUp, .topUp, .repay, .panicRepay]
            : [.topUp, .repay, .withdraw, .withdraw, .borrowMore, .borrowMore]
        let choice = choices[Int(generator.next() % UInt64(choices.count))]
        let sharePpm = generator.number(in: 10_000...400_000)
        // Nobody borrows in one breath what they would repay or move.
        let movedPpm = choice == .borrowMore ? sharePpm / 4 : sharePpm
        guard venue.serve(choice, account: state.account, of: market, sharePpm: movedPpm)
        else { return [] }
        return [
            PersonAct(
                who: state.account.text, what: choice.rawValue,
                detail: "\(sharePpm) ppm in \(market)")
        ]
    }
}

extension ReferenceVenue {
    /// Lets an account's owner do something with it. False, and nothing is changed, where the
    /// account's form has no such act, or where it would be too close to its line afterwards.
    package mutating func serve(
        _ act: CustomerAct, account: AccountID, of market: MarketID, sharePpm: UInt64
    ) -> Bool {
        guard let host = markets[market], let state = accounts[market]?[account],
            let change = CustomerDesk(
                terms: host.terms, figures: figures[market] ?? [], quote: scenario.quote.asset,
                sharePpm: sharePpm
            ).change(act, of: state.position),
            act.isRescue || host.isSafe(change)
        else { return false }
        var custody = world.custody
        let (giver, taker): (Holder, Holder) =
            change.isIntoPool ? (.customers, .pool(market)) : (.pool(market), .customers)
        guard
            custody.transfer(
                change.moved.amount, of: change.moved.asset, from: giver, to: taker)
        else { return false }
        let conservation = Conservation(
            of: host.terms, assets: scenario.assets.map(\.description.asset),
            before: world.custody)
        world.custody = custody
        conservation.require(
            custody, given: [state.position], taken: [change.position])
        take(change.figures, of: market)
        publishFigures()
        let at = (height: world.height, now: world.now)
        let delta = replace(
            [ChangedItem(account: account, position: change.position)], in: market)
        channels.accounts[market]?.publish(delta, height: at.height, at: at.now)
        return true
    }
}

extension HostedMarket {
    /// Five percent above the line, so that nobody is closed for what was just let out.
    fileprivate func isSafe(_ change: CustomerChange) -> Bool {
        var after = self
        after.take(change.figures)
        guard !after.isLiquidatable(change.position),
            let health = after.healthWad(of: change.position)
        else { return false }
        return health >= wad * UInt256(105) / UInt256(100)
    }
}
