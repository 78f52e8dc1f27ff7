package import WideMath

/// The values that a strategy's condition may speak of. Each is defined for every candidate, so a
/// condition is total: it cannot fail at run time.
package enum CatalogueValue: String, CaseIterable, Hashable, Sendable {
    /// The account's health by the market's exact rule; below one it may be closed.
    case health
    /// What the plan earns after every cost.
    case netProfit
    /// The same before costs.
    case grossProfit
    /// Flash premium, exit slippage and fees of the plan.
    case cost
    /// The value of what is repaid or closed.
    case notional
    /// Net profit over notional.
    case margin
    /// Time since the oldest price that the plan rests on was received.
    case priceAge
    /// The oldest such price's age by its own source's clock.
    case sourceAge
    /// Collateral or debt legs of the account; one for a margin position.
    case legs
    /// How far below the venue's own price the collateral is had.
    case discount
    /// How long an auction's price has been falling; nothing for every other close.
    case auctionAge

    package var dimension: Dimension {
        switch self {
        case .health, .margin, .discount: .ratio
        case .netProfit, .grossProfit, .cost, .notional: .money
        case .priceAge, .sourceAge, .auctionAge: .time
        case .legs: .count
        }
    }

    package var meaning: String {
        switch self {
        case .health: "health by the market's exact rule, 1 is the line"
        case .netProfit: "what the plan earns after every cost"
        case .grossProfit: "what the plan earns before costs"
        case .cost: "flash premium, exit slippage and fees"
        case .notional: "value of what is repaid or closed"
        case .margin: "net profit over notional"
        case .priceAge: "time since the plan's oldest price was received"
        case .sourceAge: "age of the plan's oldest price at its source"
        case .legs: "number of the account's legs"
        case .discount: "how far below the venue's price the collateral is had"
        case .auctionAge: "how long the auction's price has been falling"
        }
    }
}

/// The figures of one candidate and one plan, one for each value of the catalogue.
package struct CatalogueFigures: Hashable, Sendable {
    package var health: Int256
    package var netProfit: Int256
    package var grossProfit: Int256
    package var cost: Int256
    package var notional: Int256
    package var priceAge: Int256
    package var sourceAge: Int256
    package var legs: Int256
    package var discount: Int256
    package var auctionAge: Int256

    package init(
        health: Int256, netProfit: Int256, grossProfit: Int256, cost: Int256, notional: Int256,
        priceAge: Int256, sourceAge: Int256, legs: Int256, discount: Int256 = .zero,
        auctionAge: Int256 = .zero
    ) {
        self.health = health
        self.netProfit = netProfit
        self.grossProfit = grossProfit
        self.cost = cost
        self.notional = notional
        self.priceAge = priceAge
        self.sourceAge = sourceAge
        self.legs = legs
        self.discount = discount
        self.auctionAge = auctionAge
    }

    package func amount(of value: CatalogueValue) -> Int256 {
        switch value {
        case .health: health
        case .netProfit: netProfit
        case .grossProfit: grossProfit
        case .cost: cost
        case .notional: notional
        case .margin: marginRatio
        case .priceAge: priceAge
        case .sourceAge: sourceAge
        case .legs: legs
        case .discount: discount
        case .auctionAge: auctionAge
        }
    }

    /// Toward zero, which makes a thin margin look thinner and a thin loss no worse than it is.
    private var marginRatio: Int256 {
        guard notional > .zero else { return .zero }
        return Quantity.saturatingMultiply(netProfit, Quantity.ratioOne) / notional
    }
}
