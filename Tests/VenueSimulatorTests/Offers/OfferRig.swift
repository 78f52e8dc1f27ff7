import Foundation
import KeeperModel
import Testing
import VenueSimulator
import WideMath

/// The shipped venue of offers at some height, by any allocation.
enum OfferRig {
    static let usd = AssetID("USD")

    static func scenario(_ disclosure: String? = nil) throws -> Scenario {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "scenarios/offers.json"), encoding: .utf8)
        let shipped = #"{"mode": "offers", "allocation": "claim", "expiry": 30}"#
        #expect(text.contains(shipped))
        return try ScenarioFile.read(
            Array(text.replacing(shipped, with: disclosure ?? shipped).utf8))
    }

    static let claims = #"{"mode": "offers", "allocation": "claim", "expiry": 8}"#
    static let bids = #"{"mode": "offers", "allocation": "sealedBid", "expiry": 9, "window": 3}"#
    static let shares = #"{"mode": "offers", "allocation": "proRata", "expiry": 9}"#

    /// A venue is a value, so three hundred heights are played once for all tests.
    private static let played = Result {
        try [claims, bids, shares].map { try venue($0, playing: 300) }
    }

    static func venue(_ disclosure: String, heights: Int64 = 300) throws -> ReferenceVenue {
        guard heights == 300,
            let index = [claims, bids, shares].firstIndex(of: disclosure)
        else { return try venue(disclosure, playing: heights) }
        return try played.get()[index]
    }

    private static func venue(
        _ disclosure: String, playing heights: Int64
    ) throws -> ReferenceVenue {
        var venue = ReferenceVenue(
            scenario: try scenario(disclosure), openedAt: Instant(milliseconds: 1_000_000))
        venue.advance(to: venue.openedAt + .seconds(heights))
        return venue
    }

    /// Takes all of an offer, for what is asked and so much more.
    static func plan(
        _ offer: StandingOffer, key: String, raise: UInt256 = .zero, validFor heights: UInt64 = 50,
        at height: UInt64 = 300
    ) -> ClosePlan {
        ClosePlan(
            clientID: ClientID(key),
            target: Target(
                domain: DomainID("venue"), market: offer.market, account: offer.id),
            accountVersion: offer.version,
            action: .purchase(
                LendingClose(
                    repayAsset: usd, repayAmountMax: offer.position.payAmount + raise,
                    seizeAsset: offer.position.takeAsset,
                    seizeAmountMin: offer.position.takeAmount, funding: .inventory, exit: .hold)),
            validUntilHeight: height + heights)
    }

    static func totals(_ venue: ReferenceVenue) -> [UInt256] {
        (venue.scenario.assets.map(\.description.asset) + [usd]).map {
            venue.world.custody.total(of: $0)
        }
    }
}

extension ReferenceVenue {
    mutating func pass() { advance(to: nextHeightAt) }

    /// The cheapest that stands, so that every purse reaches for it.
    var cheapest: StandingOffer? {
        offers.min { $0.position.payAmount < $1.position.payAmount }
    }

    func stands(_ offer: StandingOffer) -> Bool { offers.contains { $0.id == offer.id } }
}

extension CloseReceipt {
    func moved(_ cause: MovementCause) -> UInt256 {
        movements.reduce(.zero) { $1.cause == cause ? $0 + $1.amount.magnitude : $0 }
    }
}
