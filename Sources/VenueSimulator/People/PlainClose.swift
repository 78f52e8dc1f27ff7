import KeeperModel
import LiquidationRules
import WideMath

/// A close as a rival would make it: as large as rules, purse and book let it be.
struct PlainClose {
    let action: CloseAction
    /// What it brings if it is settled as the books stand now.
    let gainUnits: Int256
}

/// Works out the largest close that somebody with this purse can make of an offer.
struct PlainSizing {
    let custody: Custody
    let holder: Holder
    let depth: [AssetID: DepthBook]
    let quote: AssetID
    /// Keeps what the book would not take, instead of paying less.
    let holdsWhatIsLeft: Bool

    private static let halvingsMax = 5

    func close(_ offer: PlainOffer) -> PlainClose? {
        switch offer {
        case .trade(let trade): close(trade)
        case .push(let push): close(push)
        case .lots(let lots, let asset, let side): close(lots, of: asset, side)
        }
    }

    // MARK: Trades

    private func close(_ trade: some CollateralTrade) -> PlainClose? {
        var pay = min(trade.payMax, custody.balance(of: holder, trade.payAsset))
        for _ in 0...Self.halvingsMax {
            guard !pay.isZero else { return nil }
            if let close = close(trade, paying: pay) { return close }
            pay = pay / UInt256(2)
        }
        return nil
    }

    /// Nil where the rules let no such payment through, or the book does not take all of it.
    private func close(_ trade: some CollateralTrade, paying pay: UInt256) -> PlainClose? {
        // What reverts cannot be closed so.
        guard let quoted = try? trade.quote(payingAtMost: pay), !quoted.taken.isZero,
            let paid = try? trade.worth(ofPaid: quoted.paid, rounding: .up),
            let taken = try? trade.worth(ofTaken: quoted.taken, rounding: .down)
        else { return nil }
        var exit = Exit.hold
        var fetched = taken
        if trade.takeAsset != quote {
            let fill = depth[trade.takeAsset]?
                .selling(quoted.taken, downTo: 1, unitScale: trade.takeUnit)
            if let fill, fill.quantity == quoted.taken {
                (exit, fetched) = (.sell(proceedsMin: .one), fill.valueUnits)
            } else if !holdsWhatIsLeft {
                return nil
            }
        }
        let close = LendingClose(
            repayAsset: trade.payAsset, repayAmountMax: pay, seizeAsset: trade.takeAsset,
            seizeAmountMin: .one, funding: .inventory, exit: exit)
        return PlainClose(
            action: trade.kind == .purchase ? .purchase(close) : .lending(close),
            gainUnits: difference(fetched, paid))
    }

    // MARK: Pushes and positions

    private func close(_ push: PushOffer) -> PlainClose? {
        PlainClose(
            action: .push(PushClose(rewardMin: [], exit: .hold)),
            gainUnits: difference(
                push.inQuote.saturatingAdd(push.inKind?.worthUnits ?? .zero), .zero))
    }

    /// All lots, or as many as the book takes. What it brings is said by the law afterwards; half a
    /// percent of what is closed is a fair guess.
    private func close(_ lots: Int64, of asset: AssetID, _ side: PositionSide) -> PlainClose? {
        guard let book = depth[asset] else { return nil }
        let wanted = UInt256(UInt64(max(0, lots)))
        let fill =
            side == .long
            ? book.selling(wanted, downTo: 1, unitScale: .one)
            : book.buying(wanted, upTo: .max, unitScale: .one)
        guard let taken = fill.quantity.asInt64, taken > 0 else { return nil }
        return PlainClose(
            action: .margin(
                MarginClose(
                    lots: taken, limitPrice: Int64(clamping: fill.worstPrice), incentiveMin: 0)),
            gainUnits: difference(fill.valueUnits / UInt256(200), .zero))
    }

    private func difference(_ came: UInt256, _ went: UInt256) -> Int256 {
        (Int256(exactly: came) ?? .max) - (Int256(exactly: went) ?? .zero)
    }
}
