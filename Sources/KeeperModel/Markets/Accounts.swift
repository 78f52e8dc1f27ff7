/// Any position that a market of ours can hold.
package enum AccountPosition: Hashable, Sendable {
    case lending(LendingPosition)
    case margin(MarginPosition)
    case euler(EulerPosition)
    case goods(GoodsPosition)
    case trove(TrovePosition)
    case auction(AuctionPosition)
    case offer(OfferPosition)

    /// Balances on either side; one for a position that is no sum of balances.
    package var legCount: Int {
        switch self {
        case .lending(let position): position.collateral.count + position.debts.count
        case .margin, .goods, .auction, .offer: 1
        case .trove: 2
        case .euler(let position): position.collateral.count + 1
        }
    }
}

/// An account as the venue published it. The version rises with every change of the position.
package struct AccountState: Hashable, Sendable {
    package let account: AccountID
    package let version: UInt64
    package let position: AccountPosition

    package init(account: AccountID, version: UInt64, position: AccountPosition) {
        self.account = account
        self.version = version
        self.position = position
    }
}

/// The terms of any market of ours.
package enum MarketTerms: Hashable, Sendable {
    /// The Aave family.
    case lending(LendingTerms)
    case margin(MarginTerms)
    case morphoBlue(MorphoBlueTerms)
    case euler(EulerVaultTerms)
    case compound(CompoundTerms)
    case liquity(LiquityTerms)
    case maker(MakerVaultTerms)
    /// Whatever stands behind it: only offers are seen.
    case offers(OfferTerms)

    /// The name of the case: what files, feeds and reports say.
    package var protocolName: String {
        switch self {
        case .lending: "lending"
        case .margin: "margin"
        case .morphoBlue: "morphoBlue"
        case .euler: "euler"
        case .compound: "compound"
        case .maker: "maker"
        case .offers: "offers"
        case .liquity(let terms): "liquityV" + terms.version.rawValue
        }
    }

    /// Whether accounts of it are nobody's to see.
    package var showsOffers: Bool {
        if case .offers = self { true } else { false }
    }

    package var market: MarketID {
        switch self {
        case .lending(let terms): terms.market
        case .margin(let terms): terms.market
        case .morphoBlue(let terms): terms.market
        case .euler(let terms): terms.market
        case .compound(let terms): terms.market
        case .liquity(let terms): terms.market
        case .maker(let terms): terms.market
        case .offers(let terms): terms.market
        }
    }
}
