import KeeperCodec
import KeeperModel
import WideMath

/// What is offered now, and to which account each offer belongs. Names are hashes over the seed and
/// a count, so nothing in them comes from an account: two offers of one account, at one time or
/// another, have no more in common than any two.
struct OfferBoard: Sendable {
    struct Place: Hashable {
        let market: MarketID
        let account: AccountID
    }

    let rules: OfferRules
    /// What names are mixed with; whoever has it can tell which offers were made after which.
    private let seed: UInt64
    private var standing: [AccountID: StandingOffer] = [:]
    private var ids: [Place: AccountID] = [:]
    private var madeCount: UInt64 = 0
    /// What came, changed or went since the board was last read, and what had been told by then.
    private var changed: Set<AccountID> = []
    private var gone: [AccountID: MarketID] = [:]
    private var told: Set<AccountID> = []
    var bids = SealedBids()
    var capacity = CapacityBook()

    init(rules: OfferRules, seed: UInt64) {
        self.rules = rules
        self.seed = seed
    }

    /// By id.
    var all: [StandingOffer] { standing.keys.sorted().compactMap { standing[$0] } }
    var places: [Place] { all.map { Place(market: $0.market, account: $0.account) } }

    func offer(_ id: AccountID, of market: MarketID) -> StandingOffer? {
        standing[id].flatMap { $0.market == market ? $0 : nil }
    }

    func offer(at place: Place) -> StandingOffer? { ids[place].flatMap { standing[$0] } }

    // MARK: Making and changing

    /// Lets the offer of a place be what the rules allow now: a new one, the same at other figures,
    /// or none. Returns one that stands no more.
    mutating func show(_ close: LargestClose?, at place: Place, height: UInt64) -> StandingOffer? {
        guard let known = offer(at: place) else {
            if let close { make(close, at: place, height: height) }
            return nil
        }
        // Another asset is another offer: whoever bid for the first did not bid for this.
        guard let close, known.position.expiresAtHeight >= height,
            known.position.takeAsset == close.takeAsset, known.kind == close.kind
        else {
            withdraw(known.id)
            if let close { make(close, at: place, height: height) }
            return known
        }
        change(known.id) {
            $0.payMax = close.payMax
            $0.position = OfferPosition(
                payAmount: close.paid, takeAsset: close.takeAsset, takeAmount: close.taken,
                closesAtHeight: $0.position.closesAtHeight,
                expiresAtHeight: $0.position.expiresAtHeight)
        }
        return nil
    }

    /// Nobody bid, so bids are gathered for another window.
    mutating func reopen(_ id: AccountID, height: UInt64) {
        let closesAtHeight = height + rules.windowHeights
        change(id) {
            $0.position = OfferPosition(
                payAmount: $0.position.payAmount, takeAsset: $0.position.takeAsset,
                takeAmount: $0.position.takeAmount,
                closesAtHeight: min(closesAtHeight, $0.position.expiresAtHeight),
                expiresAtHeight: $0.position.expiresAtHeight)
        }
    }

    private mutating func change(_ id: AccountID, _ change: (inout StandingOffer) -> Void) {
        guard let known = standing[id] else { return }
        var offer = known
        change(&offer)
        guard offer.position != known.position else {
            // How the rules are asked may change without anybody seeing it.
            standing[id] = offer
            return
        }
        offer.version += 1
        standing[id] = offer
        changed.insert(id)
    }

    private mutating func make(_ close: LargestClose, at place: Place, height: UInt64) {
        madeCount += 1
        let id = name(madeCount)
        standing[id] = StandingOffer(
            id: id, market: place.market, version: 1,
            position: OfferPosition(
                payAmount: close.paid, takeAsset: close.takeAsset, takeAmount: close.taken,
                closesAtHeight: rules.allocation == .sealedBid
                    ? height + rules.windowHeights : nil,
                expiresAtHeight: height + rules.expiryHeights),
            payMax: close.payMax, kind: close.kind, account: place.account)
        ids[place] = id
        changed.insert(id)
    }

    mutating func withdraw(_ id: AccountID) {
        guard let offer = standing.removeValue(forKey: id) else { return }
        ids[Place(market: offer.market, account: offer.account)] = nil
        changed.remove(id)
        if told.remove(id) != nil { gone[id] = offer.market }
    }

    private func name(_ number: UInt64) -> AccountID {
        let hash = SHA256.hash(Array("offer/1\n\(seed)\n\(number)\n".utf8))
        return AccountID("offer-" + Hex.encode(hash.prefix(16)))
    }

    // MARK: Telling

    /// What has changed since it was last asked; nil where nothing has.
    mutating func takeDelta() -> OfferDelta? {
        let offers = changed.sorted().compactMap { standing[$0] }
        let left = gone.sorted { $0.key < $1.key }
        let markets = Set(offers.map(\.market) + left.map(\.value)).sorted()
        let delta = markets.map { market in
            OfferDelta.Market(
                market: market,
                changed: offers.filter { $0.market == market }.map(\.state),
                withdrawn: left.filter { $0.value == market }.map(\.key))
        }
        told.formUnion(changed)
        (changed, gone) = ([], [:])
        return delta.isEmpty ? nil : OfferDelta(markets: delta)
    }
}
