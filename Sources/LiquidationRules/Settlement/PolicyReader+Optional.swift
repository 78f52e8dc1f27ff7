import KeeperCodec
import KeeperModel
import WideMath

// The parts whose absence turns something off.
extension PolicyReader {
    mutating func tiers(_ reader: JSONReader) throws(JSONReadError) -> [MarginTier] {
        var tiers: [MarginTier] = []
        var previousUpTo = Int256.zero
        var previousRate = Int256.min
        for element in try reader.array() {
            var object = try element.object()
            let upTo = try amount(&object, "upTo")
            let rate = try rate(&object, "ratePpm")
            try object.finish()
            check(.tiers, upTo.wide > previousUpTo && rate.wide >= previousRate)
            (previousUpTo, previousRate) = (upTo.wide, rate.wide)
            tiers.append(MarginTier(upTo: upTo.narrow, ratePpm: rate.narrow))
        }
        check(.tiers, !tiers.isEmpty)
        return tiers
    }

    mutating func volatility(_ reader: JSONReader) throws(JSONReadError) -> VolatilityRule {
        var object = try reader.object()
        let lambda = try rate(&object, "lambdaPpm")
        let variance = try amount(&object, "initialVariance")
        let initialRate = try rate(&object, "initialRatePpm")
        let multiplier = try amount(&object, "multiplierPpm")
        let cap = try rate(&object, "capPpm")
        let maxRise = try rate(&object, "maxRisePpm")
        try object.finish()
        check(.volatility, lambda.wide > 0 && lambda.wide < million)
        return VolatilityRule(
            lambdaPpm: lambda.narrow, initialVariance: variance.narrow,
            initialRatePpm: initialRate.narrow, multiplierPpm: multiplier.narrow,
            capPpm: cap.narrow, maxRisePpm: maxRise.narrow)
    }

    mutating func predictive(_ reader: JSONReader) throws(JSONReadError) -> PredictiveRule {
        var object = try reader.object()
        let horizon = try amount(&object, "horizonSteps")
        let trigger = try amount(&object, "triggerPpm")
        let target = try amount(&object, "targetPpm")
        let maxStep = try rate(&object, "maxStepPpm")
        let maxWindow = try rate(&object, "maxWindowPpm")
        let window = try amount(&object, "windowHeights")
        try object.finish()
        check(
            .predictive, horizon.wide >= 1 && window.wide >= 1 && trigger.wide <= target.wide)
        return PredictiveRule(
            horizonSteps: horizon.narrow, triggerPpm: trigger.narrow, targetPpm: target.narrow,
            maxStepPpm: maxStep.narrow, maxWindowPpm: maxWindow.narrow,
            windowHeights: window.narrow)
    }

    mutating func partial(_ reader: JSONReader) throws(JSONReadError) -> PartialRule {
        var object = try reader.object()
        let target = try amount(&object, "targetPpm")
        let maxStep = try rate(&object, "maxStepPpm")
        let dust = try amount(&object, "dust")
        try object.finish()
        check(.partial, target.wide >= million && maxStep.wide >= 1)
        return PartialRule(
            targetPpm: target.narrow, maxStepPpm: maxStep.narrow, dust: dust.narrow)
    }

    mutating func stress(_ reader: JSONReader) throws(JSONReadError) -> StressRule {
        var object = try reader.object()
        let exitCost = try rate(&object, "exitCostPpm")
        var shocks: [Shock] = []
        for element in try object.required("shocks").array() {
            shocks.append(try shock(element))
        }
        try object.finish()
        check(.shocks, areNamesOfThings(shocks.map(\.name)))
        return StressRule(exitCostPpm: exitCost.narrow, shocks: shocks)
    }

    private mutating func shock(_ reader: JSONReader) throws(JSONReadError) -> Shock {
        var object = try reader.object()
        let name = try object.required("name").string
        let defaultMove = try number(object.required("defaultPpm"), in: Self.moves)
        var assets = try object.required("assets").object()
        var moves: [AssetMove] = []
        for (asset, value) in assets.entries() {
            let move = try number(value, in: Self.moves)
            moves.append(AssetMove(asset: asset, movePpm: move.narrow))
        }
        try object.finish()
        return Shock(name: name, defaultPpm: defaultMove.narrow, assetMovesPpm: moves)
    }
}
