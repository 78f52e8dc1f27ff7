import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

/// Section `maker`: price curves, bark, kick, take, powers.
let makerVectors = VectorSection(names: ["maker"]) { question in
    var inputs = question.inputs
    defer { question.inputs = inputs }
    if inputs.optional("dur") != nil { return try curvePrice(&inputs) }
    if inputs.optional("ink") != nil { return try bark(&inputs) }
    if inputs.optional("lot") != nil { return try take(&inputs) }
    if inputs.optional("tip") != nil { return try incentive(&inputs) }
    if inputs.optional("val") != nil { return try startingPrice(&inputs) }
    let power = try scaledPower(
        inputs.uint256("x"), inputs.required("n").uint64Text(), unit: inputs.uint256("b"))
    return .record(["result": .text(power)])
}

private func readCurve(_ inputs: inout ObjectReader) throws -> MakerPriceCurve {
    if let tau = inputs.optional("tau") { return .linear(tauSeconds: try tau.uint64Text()) }
    let cut = try inputs.uint256("cut")
    if let step = inputs.optional("step") {
        return .stairstep(cutRay: cut, stepSeconds: try step.uint64Text())
    }
    return .exponential(cutRay: cut)
}

private func curvePrice(_ inputs: inout ObjectReader) throws -> JSONValue {
    let price = try readCurve(&inputs).price(
        topRay: inputs.uint256("top"), elapsedSeconds: inputs.required("dur").uint64Text())
    return .record(["price": .text(price)])
}

private func bark(_ inputs: inout ObjectReader) throws -> JSONValue {
    let vault = MakerVault(
        ink: try inputs.uint256("ink"), art: try inputs.uint256("art"),
        rate: try inputs.uint256("rate"), spot: try inputs.uint256("spot"),
        dust: try inputs.uint256("dust"), chop: try inputs.uint256("chop"))
    let limits = MakerLimits(
        globalMax: try inputs.uint256("Hole"), globalNow: try inputs.uint256("Dirt"),
        ilkMax: try inputs.uint256("hole"), ilkNow: try inputs.uint256("dirt"))
    switch try MakerBark.quote(vault, limits: limits) {
    case .failure(let refusal): return .record(["revert": .string(refusal.rawValue)])
    case .success(let bark):
        return .record([
            "room": .text(bark.room), "dart": .text(bark.dart), "dink": .text(bark.dink),
            "due": .text(bark.due), "tab": .text(bark.tab),
        ])
    }
}

private func take(_ inputs: inout ObjectReader) throws -> JSONValue {
    let auction = MakerAuction(tab: try inputs.uint256("tab"), lot: try inputs.uint256("lot"))
    let quote = try MakerTake.quote(
        inputs.uint256("amt"), of: auction, priceRay: inputs.uint256("price"),
        chost: inputs.uint256("chost"))
    switch quote {
    case .failure(let refusal): return .record(["revert": .string(refusal.rawValue)])
    case .success(let take):
        return .record([
            "slice": .text(take.slice), "owe": .text(take.owe),
            "tabAfter": .text(take.auction.tab), "lotAfter": .text(take.auction.lot),
            "closed": .bool(take.isClosed),
            "collateralReturnedToUsr": .text(take.collateralReturned),
            "badDebt": .text(take.badDebt),
        ])
    }
}

private func incentive(_ inputs: inout ObjectReader) throws -> JSONValue {
    let coin = try MakerAuction.incentive(
        tip: inputs.uint256("tip"), chip: inputs.uint256("chip"), tab: inputs.uint256("tab"))
    return .record(["coin": .text(coin)])
}

private func startingPrice(_ inputs: inout ObjectReader) throws -> JSONValue {
    let feedPrice = try MakerAuction.feedPriceRay(
        value: inputs.uint256("val"), parRay: inputs.uint256("par"))
    let top = try rayMul(feedPrice, inputs.uint256("buf"), rounding: .down)
    return .record(["feedPrice": .text(feedPrice), "top": .text(top)])
}
