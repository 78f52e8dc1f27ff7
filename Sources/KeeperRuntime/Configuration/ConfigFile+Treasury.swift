import KeeperCodec
import KeeperModel
import KeeperRisk
import WideMath

/// How full the keeper's purses are meant to be. Amounts carry the asset's unit, and because only
/// the venue knows its digits, each asset says them; the keeper moves nothing where they differ.
extension ConfigFile {
    /// What a dry run pretends is kept aside stands beside each rule.
    static func treasury(
        _ reader: JSONReader?, _ domains: [DomainID], _ unit: AssetDescription
    ) throws(JSONReadError) -> (
        rules: TreasuryRules?, dryRunReserve: [DomainID: [AssetAmount]]
    ) {
        guard let reader else { return (nil, [:]) }
        var object = try reader.object()
        var reserve: [DomainID: [AssetAmount]] = [:]
        let assets = try object.required("assets")
        let purses = try assets.array(countMax: 64) { entry throws(JSONReadError) in
            let (rule, pretended) = try purse(entry, domains)
            if let pretended {
                reserve[rule.domain, default: []].append(
                    AssetAmount(asset: rule.asset, amount: pretended))
            }
            return rule
        }
        let places = Set(purses.map { Target.treasury(of: $0.asset, in: $0.domain) })
        guard !purses.isEmpty, places.count == purses.count else {
            throw assets.refused("at least one asset, none of them twice")
        }
        let rules = TreasuryRules(
            isAutomatic: try object.required("automatic").bool,
            coolDown: try object.required("coolDown").timeSpan(
                in: .seconds(1) ... .seconds(86_400)),
            gasPerTransferMaxUnits: try positive(object.required("gasPerTransfer"), unit),
            purses: purses)
        try object.finish()
        return (rules, reserve)
    }

    private static func purse(
        _ reader: JSONReader, _ domains: [DomainID]
    ) throws(JSONReadError) -> (PurseRule, pretended: UInt256?) {
        var object = try reader.object()
        let domain = try domain(of: &object, among: domains)
        let asset = AssetDescription(
            asset: try object.required("asset").identifier(as: AssetID.self),
            decimals: try object.required("decimals").integer(in: UInt8(0)...18))
        let floor = try object.required("floor").amount(of: asset)
        let target = try object.required("target").amount(of: asset)
        let ceiling = try object.required("ceiling").amount(of: asset)
        let perTransfer = try positive(object.required("perTransfer"), asset)
        let perDay = try positive(object.required("perDay"), asset)
        let pretended = object.optional("dryRunReserve")
        let amount = try pretended.map { (json) throws(JSONReadError) in
            try json.amount(of: asset)
        }
        guard floor <= target, target <= ceiling else {
            throw reader.refused("floor not above target, and target not above ceiling")
        }
        guard perTransfer <= perDay else { throw reader.refused("perTransfer not above perDay") }
        try object.finish()
        let rule = PurseRule(
            domain: domain, asset: asset.asset, decimals: asset.decimals, floor: floor,
            target: target, ceiling: ceiling, perTransferMax: perTransfer, perDayMax: perDay)
        return (rule, amount)
    }

    /// Where there is one venue it goes without saying.
    private static func domain(
        of object: inout ObjectReader, among domains: [DomainID]
    ) throws(JSONReadError) -> DomainID {
        if domains.count == 1, let only = domains.first {
            guard let named = object.optional("domain") else { return only }
            return try domain(named, among: domains)
        }
        return try domain(object.required("domain"), among: domains)
    }

    private static func domain(
        _ reader: JSONReader, among domains: [DomainID]
    ) throws(JSONReadError) -> DomainID {
        let domain = try reader.identifier(as: DomainID.self)
        guard domains.contains(domain) else {
            let names = domains.map(\.text).joined(separator: ", ")
            throw reader.refused("one of the venues: \(names)")
        }
        return domain
    }
}
