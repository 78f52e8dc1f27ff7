import KeeperCodec
import KeeperModel
import WideMath

extension MarketReading {
    /// The second version says its least ratio and penalties; the first has them in its code.
    func liquity(
        _ version: LiquityTerms.Version, _ market: MarketID, _ object: inout ObjectReader
    ) throws(JSONReadError) -> LiquityTerms {
        let reader = try object.required("collateral")
        let collateral = try asset(reader)
        guard collateral.decimals == 18 else {
            throw reader.refused("an asset of eighteen decimals")
        }
        let isV1 = version == .v1
        return LiquityTerms(
            market: market, version: version, collateral: collateral.asset, debt: quote.asset,
            minimumRatioWad: isV1
                ? 1_100_000_000_000_000_000 : try ratioWad(object.required("minimumRatio")),
            gasReserve: try object.required("gasReserve").amount(of: isV1 ? quote : collateral),
            poolPenaltyWad: isV1 ? .zero : try shareWad(object.required("poolPenalty")),
            redistributionPenaltyWad: isV1
                ? .zero : try shareWad(object.required("redistributionPenalty")))
    }

    func maker(
        _ market: MarketID, _ object: inout ObjectReader
    ) throws(JSONReadError) -> MakerVaultTerms {
        let collateral = try asset(object.required("collateral"))
        return MakerVaultTerms(
            market: market, collateral: collateral.asset, collateralDecimals: collateral.decimals,
            debt: quote.asset,
            liquidationRatioRay: try ratioWad(object.required("minimumRatio")) * 1_000_000_000,
            chopWad: try shareWad(object.required("penalty")) + 1_000_000_000_000_000_000,
            dustUnits: try object.required("dust").amount(of: quote),
            holeUnits: try object.required("hole").amount(of: quote),
            auction: try auction(object.required("auction")))
    }

    private func auction(
        _ reader: JSONReader
    ) throws(JSONReadError) -> MakerVaultTerms.Auction {
        var object = try reader.object()
        let seconds = UInt64(1)...1_000_000
        let auction = MakerVaultTerms.Auction(
            startFactorRay: try ratioWad(object.required("startFactor")) * 1_000_000_000,
            curve: try curve(in: &object),
            tailSeconds: try object.required("runsForSeconds").integer(in: seconds),
            cuspRay: try shareWad(object.required("restartsBelow")) * 1_000_000_000,
            tipUnits: try object.required("tip").amount(of: quote),
            chipWad: try shareWad(object.required("chip")))
        try object.finish()
        return auction
    }

    /// In a line to nothing, or by a share of itself with each step or second.
    private func curve(in object: inout ObjectReader) throws(JSONReadError) -> MakerPriceCurve {
        let seconds = UInt64(1)...1_000_000
        if let share = object.optional("keepsEachStep") {
            return .stairstep(
                cutRay: try keptRay(share),
                stepSeconds: try object.required("stepSeconds").integer(in: seconds))
        }
        if let share = object.optional("keepsEachSecond") {
            return .exponential(cutRay: try keptRay(share))
        }
        return .linear(tauSeconds: try object.required("fallsForSeconds").integer(in: seconds))
    }

    private func keptRay(_ reader: JSONReader) throws(JSONReadError) -> UInt256 {
        let keptWad = try shareWad(reader)
        guard keptWad < 1_000_000_000_000_000_000 else {
            throw reader.refused("less than all of it, or the price never falls")
        }
        return keptWad * 1_000_000_000
    }

    private func ratioWad(_ reader: JSONReader) throws(JSONReadError) -> UInt256 {
        let ppm = try reader.decimal(scale: 6, as: UInt64.self)
        guard (1_000_000...10_000_000).contains(ppm) else {
            throw reader.refused("a ratio from 1 to 10")
        }
        return UInt256(ppm) * 1_000_000_000_000
    }
}
