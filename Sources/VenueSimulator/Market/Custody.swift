package import KeeperModel
package import WideMath

/// Who can hold assets at the venue.
package enum Holder: Hashable, Comparable, Sendable, CustomStringConvertible {
    case keeper(String)
    /// What a keeper's operator keeps aside: it pays for no close.
    case reserve(String)
    /// The cash and collateral of a lending market, and the margin of a margin market.
    case pool(MarketID)
    /// What depositors keep ready to pay for troves, and what they got for them.
    case stabilityPool(MarketID)
    /// What was redistributed and lies with no trove yet.
    case redistributed(MarketID)
    /// What is set aside for whoever closes a trove.
    case gasPool(MarketID)
    /// What owners of closed accounts may claim.
    case surplus(MarketID)
    case treasury
    case fund
    case lps
    case stakers
    /// Whoever stands behind the order book.
    case bookMakers
    case flashPool
    /// Whoever makes the blocks of a chain, and is paid in gas.
    case blockMakers
    /// What the owners of accounts have outside the venue's markets.
    case customers

    package var description: String {
        switch self {
        case .keeper(let name): "keeper:" + name
        case .reserve(let name): "reserve:" + name
        case .pool(let market): "pool:" + market.text
        case .stabilityPool(let market): "stability-pool:" + market.text
        case .redistributed(let market): "redistributed:" + market.text
        case .gasPool(let market): "gas-pool:" + market.text
        case .surplus(let market): "surplus:" + market.text
        case .treasury: "treasury"
        case .fund: "fund"
        case .lps: "lps"
        case .stakers: "stakers"
        case .bookMakers: "book-makers"
        case .flashPool: "flash-pool"
        case .blockMakers: "block-makers"
        case .customers: "customers"
        }
    }

    package static func < (left: Holder, right: Holder) -> Bool {
        left.description < right.description
    }
}

/// Who holds how much of what. Assets move from a holder to a holder and in no other way, so the
/// total of each never changes after the opening.
package struct Custody: Hashable, Sendable {
    private var balances: [Holder: [AssetID: UInt256]] = [:]

    package init() {}

    /// Part of the opening: brings an asset into the venue.
    package mutating func endow(_ holder: Holder, _ asset: AssetID, _ amount: UInt256) {
        balances[holder, default: [:]][asset, default: .zero] += amount
    }

    package func balance(of holder: Holder, _ asset: AssetID) -> UInt256 {
        balances[holder]?[asset] ?? .zero
    }

    /// Everything a holder has, by asset.
    package func holdings(of holder: Holder) -> [AssetAmount] {
        (balances[holder] ?? [:]).map { AssetAmount(asset: $0.key, amount: $0.value) }
            .sorted { $0.asset < $1.asset }
    }

    /// False, and nothing moves, where the giver has less.
    package mutating func transfer(
        _ amount: UInt256, of asset: AssetID, from giver: Holder, to taker: Holder
    ) -> Bool {
        let held = balance(of: giver, asset)
        guard held >= amount else { return false }
        balances[giver, default: [:]][asset] = held - amount
        balances[taker, default: [:]][asset, default: .zero] += amount
        return true
    }

    /// The total of an asset over all holders: the same after every event.
    package func total(of asset: AssetID) -> UInt256 {
        balances.keys.sorted().reduce(.zero) { $0 + balance(of: $1, asset) }
    }
}
