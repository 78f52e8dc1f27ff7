package import KeeperModel
package import WideMath

/// What inclusion costs on a chain now, and what a bid for it looks like. Costs are rounded up,
/// what is offered is rounded down.
package struct GasMarket: Hashable, Sendable {
    package let terms: ChainTerms
    package let price: GasPrice
    /// One whole gas asset, in its smallest units, and what it is worth in units of account.
    private let wholeAmount: UInt256
    private let wholeUnits: UInt256
    /// So many closes go in the one call that is bid for.
    private var closeCount: UInt64 = 1

    /// Nil where the gas asset has no worth that could be divided by.
    package init?(
        terms: ChainTerms, price: GasPrice, gasAssetDecimals: UInt8, gasAssetUnits: UInt256
    ) {
        // Decimals that no asset has make no unit either.
        guard !gasAssetUnits.isZero, gasAssetDecimals <= 36,
            let wholeAmount = try? UInt256.powerOfTen(Int(gasAssetDecimals))
        else { return nil }
        self.terms = terms
        self.price = price
        self.wholeAmount = wholeAmount
        wholeUnits = gasAssetUnits
    }

    /// The same for a call that carries several closes, each of which takes its gas.
    package func carrying(closes count: UInt64) -> GasMarket {
        var market = self
        market.closeCount = max(1, count)
        return market
    }

    private var gasPerCall: UInt64 { terms.gasPerClose * closeCount }

    /// The most that a call costs at the usual tip: the first rung of every bid.
    package var usualCostUnits: UInt256? {
        cost(feeMax: feeCeiling(tip: price.usualTip), gasLimit: gasPerCall)
    }

    /// The most gas asset that bids under a rule, and the call that would take their nonce back,
    /// can cost.
    package func amountMax(profitUnits: UInt256, rule: BidRule) -> UInt256 {
        let capUnits = share(rule.capPpm, of: profitUnits)
        // More than there can be of any asset: nothing covers it, so nothing is sent.
        return (try? mulDiv(capUnits, wholeAmount, dividingBy: wholeUnits, rounding: .up)) ?? .max
    }

    package func firstBid(
        nonce: UInt64, profitUnits: UInt256, rule: BidRule
    ) -> GasBid? {
        guard let offered = tip(worth: share(rule.offerPpm, of: profitUnits)) else { return nil }
        let tip = max(price.usualTip, offered)
        let bid = bid(nonce, gasPerCall, feeMax: feeCeiling(tip: tip), tip: tip)
        return within(rule.capPpm, of: profitUnits, bid)
            ?? within(
                rule.capPpm, of: profitUnits,
                self.bid(
                    nonce, gasPerCall, feeMax: feeCeiling(tip: price.usualTip),
                    tip: price.usualTip))
    }

    /// A bid that replaces an earlier one: twice the tip, and at least what the chain asks of a
    /// replacement. Nil where the cap forbids it.
    package func raisedBid(
        over old: GasBid, profitUnits: UInt256, rule: BidRule
    ) -> GasBid? {
        let tip = max(old.tip + old.tip, bumped(old.tip), price.usualTip)
        let feeMax = max(feeCeiling(tip: tip), bumped(old.feeMax))
        if let bid = within(
            rule.capPpm, of: profitUnits, bid(old.nonce, old.gasLimit, feeMax: feeMax, tip: tip))
        {
            return bid
        }
        let least = bid(
            old.nonce, old.gasLimit, feeMax: max(bumped(old.feeMax), feeCeiling(tip: .zero)),
            tip: bumped(old.tip))
        return within(rule.capPpm, of: profitUnits, least)
    }

    /// A call that does nothing, dear enough to take the place of the close.
    package func cancellingBid(over old: GasBid) -> GasBid? {
        let tip = max(bumped(old.tip), price.usualTip)
        return bid(
            old.nonce, terms.gasPerCancel,
            feeMax: max(bumped(old.feeMax), feeCeiling(tip: tip)), tip: tip)
    }

    /// Whether a bid is so far above what others pay that raising it gains nothing.
    package func isAmple(_ bid: GasBid) -> Bool {
        let tip = price.usualTip * UInt256(Self.ampleTips)
        return bid.tip >= tip && bid.feeMax >= feeCeiling(tip: tip)
    }

    private static let ampleTips: UInt64 = 16

    // MARK: Parts

    /// Enough for two heights in a row in which the base fee rises by an eighth.
    private func feeCeiling(tip: UInt256) -> UInt256 {
        (price.baseFee * UInt256(81) + UInt256(63)) / UInt256(64) + tip
    }

    private func bumped(_ fee: UInt256) -> UInt256 {
        fee + (fee * UInt256(terms.bumpMinPpm) + UInt256(999_999)) / UInt256(1_000_000) + .one
    }

    private func share(_ ppm: UInt64, of units: UInt256) -> UInt256 {
        units / UInt256(1_000_000) * UInt256(ppm)
    }

    private func tip(worth units: UInt256) -> UInt256? {
        // More than 256 bits of gas asset is no amount that could be offered.
        guard let amount = try? mulDiv(units, wholeAmount, dividingBy: wholeUnits, rounding: .down)
        else { return nil }
        return amount / UInt256(max(1, gasPerCall))
    }

    private func cost(feeMax: UInt256, gasLimit: UInt64) -> UInt256? {
        // What does not fit 256 bits cannot be paid.
        guard let amount = try? feeMax.checkedMultiply(UInt256(gasLimit)),
            let units = try? mulDiv(amount, wholeUnits, dividingBy: wholeAmount, rounding: .up)
        else { return nil }
        return units
    }

    private func bid(
        _ nonce: UInt64, _ gasLimit: UInt64, feeMax: UInt256, tip: UInt256
    ) -> GasBid? {
        cost(feeMax: feeMax, gasLimit: gasLimit).map {
            GasBid(
                nonce: nonce, gasLimit: gasLimit, feeMax: feeMax, tip: tip, costMaxUnits: $0)
        }
    }

    private func within(
        _ capPpm: UInt64, of profitUnits: UInt256, _ bid: GasBid?
    ) -> GasBid? {
        guard let bid, bid.costMaxUnits <= share(capPpm, of: profitUnits) else { return nil }
        return bid
    }
}
