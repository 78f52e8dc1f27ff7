package import KeeperModel
package import LiquidationRules
import WideMath

/// Everything that settling a close reads and changes, as one value: a close that fails half-way is
/// forgotten by dropping the copy.
package struct ClosingWorld: Sendable {
    package var custody: Custody
    package var settlements: SettlementBook
    /// What the books hold now; what a close takes is taken off here.
    package var depth: [AssetID: DepthBook]
    package var flashPools: [AssetID: FlashPool]
    package var height: UInt64
    package var now: Instant
    package let quote: AssetDescription
    /// The lenders of each lending market and what they are owed, for the socialised layer.
    package var lenders: [MarketID: [SocialClaim]]
    package var fillCount: UInt64 = 0
    /// The venue's own prices, for what is counted in the quote currency.
    package var marks: [AssetID: Mark] = [:]
    /// The accounts of the market that is being closed in, for closes that touch more than one.
    package var neighbours: [AccountState] = []

    package init(
        custody: Custody, settlements: SettlementBook, quote: AssetDescription
    ) {
        self.custody = custody
        self.settlements = settlements
        self.quote = quote
        depth = [:]
        flashPools = [:]
        height = 0
        now = Instant(nanoseconds: 0)
        lenders = [:]
    }

    mutating func receipt(
        of order: CloseOrder, _ movements: [Movement], _ records: [SettlementRecord]
    ) -> CloseReceipt {
        fillCount += 1
        return CloseReceipt(
            clientID: order.plan.clientID, fillID: "fill-\(fillCount)", height: height,
            settledAt: now, movements: movements, settlements: records)
    }

    package mutating func publish(_ update: PriceUpdate, _ assets: [AssetDescription]) {
        guard let description = assets.first(where: { $0.asset == update.asset }),
            // A unit that does not fit 256 bits makes nothing worth anything.
            let unit = try? UInt256.powerOfTen(Int(description.decimals))
        else { return }
        marks[update.asset] = Mark(price: update.price, unit: unit)
    }

    package func keeperBalances(_ keeper: String) -> [AssetAmount] {
        custody.holdings(of: .keeper(keeper))
    }

    /// Cash goes between a market's pool and those who hold it outside. Everything else that the
    /// law says is a change of claims within the pool, and what is waived is a claim and no cash.
    mutating func pay(
        _ lines: [SettlementLine], from pool: Holder,
        to holders: KeyValuePairs<String, Holder>
    ) throws(CloseRefused) {
        for (beneficiary, holder) in holders {
            let amount = lines.reduce(Int256.zero) {
                $1.beneficiary == beneficiary && $1.reason != "waived" ? $0 + $1.amountUnits : $0
            }
            let (giver, taker) = amount.isNegative ? (holder, pool) : (pool, holder)
            try move(amount.magnitude, of: quote.asset, from: giver, to: taker)
        }
    }

    /// Moves an asset, or refuses the close.
    mutating func move(
        _ amount: UInt256, of asset: AssetID, from giver: Holder, to taker: Holder
    ) throws(CloseRefused) {
        guard custody.transfer(amount, of: asset, from: giver, to: taker) else {
            throw CloseRefused(
                .insufficientFunds,
                "\(giver) has \(custody.balance(of: giver, asset)) of \(asset), needs \(amount)")
        }
    }
}

/// What a close did to its market.
package struct MarketChange: Hashable, Sendable {
    /// Of the account that it was aimed at; nil where nothing is left of it.
    package let position: AccountPosition?
    /// What else changed or came to be: others that carried a loss, goods taken over, an auction.
    package let others: [ChangedItem]
    package let figures: [MarketFigure]
    package let records: [SettlementRecord]

    package init(
        position: AccountPosition?, others: [ChangedItem] = [], figures: [MarketFigure] = [],
        records: [SettlementRecord]
    ) {
        self.position = position
        self.others = others
        self.figures = figures
        self.records = records
    }
}

/// An account, or whatever else has a place among a market's accounts; nil where it is gone.
package struct ChangedItem: Hashable, Sendable {
    package let account: AccountID
    package let position: AccountPosition?
}

/// What a settled close changed besides the world: the market, and what the keeper is told.
package struct SettledClose: Hashable, Sendable {
    package let change: MarketChange
    package let receipt: CloseReceipt
    /// What was taken from each side of each book.
    package let bidsTaken: [AssetAmount]
    package let asksTaken: [AssetAmount]
    /// Where several closes were settled as one: each by itself.
    package var steps: [SettledStep] = []
}

/// One of several closes that were settled together, and what stood after it.
package struct SettledStep: Hashable, Sendable {
    let close: LendingClose
    let change: MarketChange
    let receipt: CloseReceipt
    let settlement: SettlementState
    let lenders: [SocialClaim]
}

extension ClosePlan {
    /// What has to hold of a plan before any rule is asked: its time, its account and the version
    /// of it that the plan was made on.
    func requireCurrent(
        _ state: AccountState?, height: UInt64
    ) throws(CloseRefused) -> AccountState {
        guard height <= validUntilHeight else {
            throw CloseRefused(.expired, "valid until height \(validUntilHeight), now \(height)")
        }
        guard let state else {
            throw CloseRefused(.unknownAccount, "no account \(target.account)")
        }
        guard state.version == accountVersion else {
            throw CloseRefused(
                .staleVersion,
                "version \(state.version), planned on \(accountVersion): somebody else was first")
        }
        return state
    }
}

/// A close that is not applied, and the reason that the keeper gets.
package struct CloseRefused: Error, Hashable, Sendable {
    package let refusal: Refusal

    package init(_ refusalClass: RefusalClass, _ detail: String) {
        refusal = Refusal(refusalClass, detail: detail)
    }
}
