import KeeperCodec
package import KeeperEngine
package import KeeperModel
import KeeperRisk
import WideMath

/// What would be moved now between the keeper's purses, and why.
package struct TreasuryReport: Sendable {
    package let domain: DomainID
    /// Nil where something stands in the way of every transfer.
    package let plan: TreasuryPlan?
    private let obstacle: String?
    private let isAutomatic: Bool

    package init(_ engine: Engine, domain: DomainID, at now: Instant) {
        self.domain = domain
        plan = engine.treasuryPlan(in: domain, at: now)
        obstacle = engine.treasuryObstacle(in: domain)
        isAutomatic = engine.settings.limits.treasury?.isAutomatic ?? false
    }

    package var lines: [String] {
        guard let plan else { return [obstacle ?? "nothing is known"] }
        let heads = ["asset", "owned", "available", "reserve", "floor", "target", "ceiling", "now"]
        let table = columns(
            [heads]
                + plan.lines.map { line in
                    let money = MoneyText(line.asset)
                    let amounts = [
                        line.purse.owned, line.purse.available, line.purse.reserve,
                        line.rule.floor, line.rule.target, line.rule.ceiling,
                    ]
                    return [line.rule.asset.text]
                        + amounts.map { money.number(Int256(exactly: $0) ?? .max) }
                        + [line.words]
                })
        return table + [ending(of: plan)]
    }

    private func ending(of plan: TreasuryPlan) -> String {
        guard !plan.transfers.isEmpty else { return "nothing is to be moved" }
        return isAutomatic
            ? "plan \(plan.name): moved by itself, or now by 'bailiff treasury apply \(plan.name)'"
            : "plan \(plan.name): moved by 'bailiff treasury apply \(plan.name)'"
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("domain", domain)
        json.member("automatic", isAutomatic)
        if let obstacle { json.member("obstacle", obstacle) }
        if let plan {
            json.member("plan", plan.name)
            json.key("assets")
            json.beginArray()
            for line in plan.lines { write(line, &json) }
            json.endArray()
        }
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(_ line: TreasuryPlan.Line, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("asset", line.rule.asset)
        json.member("decimals", UInt64(line.rule.decimals))
        json.member("owned", line.purse.owned)
        json.member("available", line.purse.available)
        json.member("reserve", line.purse.reserve)
        json.member("floor", line.rule.floor)
        json.member("target", line.rule.target)
        json.member("ceiling", line.rule.ceiling)
        json.member("leftToday", line.purse.dayRoom)
        json.member("lacking", line.lacking)
        json.member("now", line.label)
        if case .due(let transfer) = line.outcome { json.member("amount", transfer.amount) }
        json.endObject()
    }
}

extension TreasuryPlan.Line {
    fileprivate var asset: AssetDescription {
        AssetDescription(asset: rule.asset, decimals: rule.decimals)
    }

    /// A closed set of names.
    package var label: String {
        switch outcome {
        case .balanced: "balanced"
        case .underWay: "under-way"
        case .resting: "resting"
        case .due(let transfer): transfer.direction.rawValue
        case .blocked(let reason): reason.rawValue
        }
    }

    package var words: String {
        let money = MoneyText(asset)
        func number(_ amount: UInt256) -> String { money.number(Int256(exactly: amount) ?? .max) }
        let lack = lacking.isZero ? "" : ", the reserve lacks \(number(lacking))"
        switch outcome {
        case .balanced: return "balanced"
        case .underWay: return "a transfer is under way" + lack
        case .resting(let until): return "rests until \(UTCText.text(until))" + lack
        case .due(let transfer):
            let verb = transfer.direction == .topUp ? "top up" : "sweep"
            return "\(verb) \(number(transfer.amount))" + lack
        case .blocked(let reason): return "\(reason.rawValue)" + lack
        }
    }
}
