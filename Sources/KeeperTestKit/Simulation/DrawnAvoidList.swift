import KeeperEngine
import KeeperModel

/// Whom and what the operator of a seed's keeper wants left alone, for ever or for a while.
struct DrawnAvoidList: Sendable {
    let entries: [AvoidList.Entry]

    static let none = DrawnAvoidList(entries: [])

    private init(entries: [AvoidList.Entry]) {
        self.entries = entries
    }

    init(from start: Instant, to end: Instant, using generator: inout SeededGenerator) {
        let milliseconds = UInt64((end - start).milliseconds)
        var drawn: [AvoidList.Entry] = []
        for _ in 0..<generator.number(in: 1...4) {
            let until = start + .milliseconds(Int64(generator.number(in: 1...milliseconds)))
            drawn.append(
                AvoidList.Entry(
                    Self.subject(&generator), reason: "drill",
                    until: generator.chance(ppm: 500_000) ? until : nil))
        }
        entries = drawn
    }

    private static func subject(_ generator: inout SeededGenerator) -> AvoidList.Subject {
        let number = generator.number(in: 0...7)
        let markets = ["lend", "perp", "morpho", "euler", "comet", "maker", "liquity-v1"]
        switch generator.number(in: 0...5) {
        case 0: return .market(MarketID(markets[Int(number) % markets.count]))
        case 1: return .asset(AssetID(number < 4 ? "WBTC" : "BTC-LOT"))
        case 2: return .account(AccountID("trader-\(number)"))
        default: return .account(AccountID("borrower-\(number)"))
        }
    }

    /// Asked of the wire, and answered without the engine's own list.
    func forbids(_ target: Target, resting assets: [AssetID], at now: Instant) -> Bool {
        entries.contains { entry in
            guard entry.until.map({ now < $0 }) ?? true else { return false }
            return switch entry.subject {
            case .account(let account): account == target.account
            case .asset(let asset): assets.contains(asset)
            case .market(let market): market == target.market
            }
        }
    }
}
