import KeeperCodec
import KeeperModel
import Testing
import VenueSimulator
import WideMath

/// What is offered, to whom it can be traced, and for how long it stands.
@Suite struct OfferBoardTests {
    @Test func `everybody who may be closed is offered once, and nobody else`() throws {
        var venue = try OfferRig.venue(OfferRig.claims, heights: 200)
        for _ in 0..<60 {
            venue.pass()
            let closable = venue.closable().filter { market, account in
                guard
                    let state = venue.snapshot(of: market)?.first(where: { $0.account == account })
                else { return false }
                return !(venue.markets[market]?.offers(on: state.position).isEmpty ?? true)
            }
            #expect(venue.offers.count == closable.count)
            for market in venue.scenario.markets {
                #expect(
                    venue.offers.count { $0.market == market }
                        == closable.count { $0.market == market })
            }
        }
        #expect(venue.offers.count > 4)
    }

    @Test func `what the stream said is what stands`() throws {
        var venue = try OfferRig.venue(OfferRig.claims, heights: 0)
        var known: [AccountID: AccountState] = [:]
        var sequence: UInt64 = 0
        for _ in 0..<400 {
            venue.pass()
            guard
                case .entries(let entries) = venue.channels.offers.reading(
                    after: sequence, countMax: 100)
            else {
                Issue.record("the stream holds what is new")
                return
            }
            sequence = venue.channels.offers.sequence
            for market in entries.flatMap(\.payload.markets) {
                for id in market.withdrawn {
                    #expect(known.removeValue(forKey: id) != nil)
                }
                for state in market.changed {
                    #expect(state.version > known[state.account]?.version ?? 0)
                    known[state.account] = state
                }
            }
            #expect(
                known == Dictionary(uniqueKeysWithValues: venue.offers.map { ($0.id, $0.state) }))
        }
        #expect(sequence > 50)
    }

    /// Names are compared with everything that is known of an account: its own name and its hashes.
    @Test func `two offers of one account have no name in common with it or each other`() throws {
        var venue = try OfferRig.venue(OfferRig.claims, heights: 220)
        let names = venue.scenario.markets.flatMap { venue.snapshot(of: $0) ?? [] }.map(\.account)
        var ids: Set<AccountID> = []
        var shown = ""
        for _ in 0..<120 {
            venue.pass()
            for offer in venue.offers { ids.insert(offer.id) }
            shown += "\(venue.channels.offers.newest?.payload as Any)"
        }
        // Offers expired after eight heights and were made anew, many times.
        #expect(ids.count > 10 * venue.offers.count)
        for name in names {
            #expect(!shown.contains("\"\(name)\"") && !shown.contains("(\(name))"))
            let hashed = Hex.encode(SHA256.hash(Array(name.text.utf8)).prefix(16))
            #expect(!ids.contains { $0.text.contains(hashed) || $0.text.contains(name.text) })
        }
    }

    @Test func `names rest on the seed and on nothing else`() throws {
        let first = try OfferRig.venue(OfferRig.claims)
        let again = try OfferRig.venue(OfferRig.claims)
        #expect(first.offers == again.offers && !first.offers.isEmpty)
    }

    @Test func `an offer expires, and what is behind it is offered under another name`() throws {
        var venue = try OfferRig.venue(OfferRig.claims)
        let offer = try #require(venue.cheapest)
        while venue.height < offer.position.expiresAtHeight {
            #expect(venue.stands(offer))
            venue.pass()
        }
        venue.pass()
        #expect(!venue.stands(offer))
        let plan = OfferRig.plan(offer, key: "late")
        guard
            case .answered(.refused(let refusal), _) = venue.close(
                plan, bodyHash: "h", keeper: "me")
        else {
            Issue.record("an expired offer cannot be taken")
            return
        }
        #expect(refusal.refusalClass == .unknownAccount)
        #expect(venue.closes.settledCount == 0)
    }

    @Test func `an offer is withdrawn when its account has recovered`() throws {
        let stands = #"{"mode": "offers", "allocation": "claim", "expiry": 500}"#
        var venue = try OfferRig.venue(stands, heights: 262)
        let low = venue.offers
        // Prices rise until here.
        venue.advance(to: venue.openedAt + .seconds(330))
        #expect(low.contains { !venue.stands($0) })
        #expect(venue.offers.count < low.count)
    }

    @Test(arguments: [
        (#"{"mode": "offers", "allocation": "sealedBid", "expiry": 9}"#, "a window"),
        (#"{"mode": "offers", "allocation": "claim", "window": 3}"#, "a window"),
        (#"{"mode": "offers", "allocation": "auction"}"#, "sealedBid"),
        (#"{"mode": "offers", "allocation": "sealedBid", "expiry": 3, "window": 4}"#, "window"),
        (#"{"mode": "full", "allocation": "claim"}"#, "allocation"),
    ])
    func `rules that contradict themselves are refused when they are read`(
        _ disclosure: String, _ word: String
    ) throws {
        let error = #expect(throws: ScenarioFileError.self) {
            try OfferRig.scenario(disclosure)
        }
        #expect(error?.description.contains(word) == true, "\(error as Any)")
    }
}
