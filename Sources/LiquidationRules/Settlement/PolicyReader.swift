package import KeeperCodec
package import KeeperModel
import WideMath

extension SettlementPolicy {
    /// Reads and validates a policy as a file or the venue has it.
    package init(reading value: JSONValue) throws(PolicyRefusal) {
        var reader = PolicyReader()
        do {
            self = try reader.policy(JSONReader(value))
        } catch {
            throw .shape(error)
        }
        let broken = reader.brokenRules
        guard broken.isEmpty else { throw .broken(broken) }
    }
}

/// Reads a policy and notes every rule that it breaks.
///
/// Numbers are compared as wide as they are written and only then narrowed, so that a value outside
/// its range can neither hide another broken rule nor feign one.
struct PolicyReader {
    private var broken: Set<PolicyRule> = []

    var brokenRules: [PolicyRule] { PolicyRule.allCases.filter(broken.contains) }

    mutating func check(_ rule: PolicyRule, _ holds: Bool) {
        if !holds { broken.insert(rule) }
    }

    mutating func policy(_ reader: JSONReader) throws(JSONReadError) -> SettlementPolicy {
        var object = try reader.object()
        let name = try object.required("policy").string
        let version = try amount(&object, "version")
        check(.identity, isWellFormedIdentifier(name) && version.wide >= 1)
        var policy = SettlementPolicy(
            name: name, version: version.narrow,
            fromHeight: try amount(&object, "fromHeight").narrow,
            penalty: try penalty(object.required("penalty")),
            surplus: try surplus(object.required("surplus")),
            fund: try fund(object.required("fund")),
            backstops: try backstops(object.required("backstops")),
            adlMaxPositionPpm: try onlyRate(object.required("adl"), "maxPositionPpm"),
            socialiseMaxClaimPpm: try onlyRate(object.required("socialise"), "maxClaimPpm"))
        if let part = object.optional("tiers") { policy.tiers = try tiers(part) }
        if let part = object.optional("volatility") { policy.volatility = try volatility(part) }
        if let part = object.optional("predictive") { policy.predictive = try predictive(part) }
        if let part = object.optional("partial") { policy.partial = try partial(part) }
        if let part = object.optional("stress") { policy.stress = try stress(part) }
        try object.finish()
        return policy
    }

    // MARK: Numbers

    /// An integer as it is written, and as the model holds it once it is in range.
    struct Number {
        let wide: Int256

        /// Clamped only where a broken `range` refuses the policy anyway.
        var narrow: Int64 { wide.asInt64 ?? (wide.isNegative ? -.max : .max) }
    }

    mutating func number(
        _ reader: JSONReader, in range: ClosedRange<Int256>
    ) throws(JSONReadError) -> Number {
        let text: String
        switch reader.value {
        case .string(let string): text = string
        case .number(let number): text = number.text
        default: throw reader.refused("an integer, in quotes or bare")
        }
        guard let wide = wideInteger(text) else {
            throw reader.refused("an integer, in quotes or bare")
        }
        check(.range, range.contains(wide))
        return Number(wide: wide)
    }

    /// Decimal digits without leading zeros, perhaps behind a minus sign. What 256 bits cannot hold
    /// is out of every range, by as much as 2^200 is.
    private func wideInteger(_ text: String) -> Int256? {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = text.utf8.dropFirst(isNegative ? 1 : 0)
        let isDecimal = digits.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        guard isDecimal, let first = digits.first else { return nil }
        guard digits.count == 1 || first != UInt8(ascii: "0") else { return nil }
        guard digits.count <= 60 else {
            let beyond = Int256(bitPattern: UInt256.one << 200)
            return isNegative ? -beyond : beyond
        }
        return Int256(decimal: text)
    }

    static let amounts = Int256.zero...Int256(Int64.max)
    static let rates = Int256.zero...million
    /// A price cannot fall by more than all of itself.
    static let moves = -million...Int256(Int64.max)

    mutating func amount(
        _ object: inout ObjectReader, _ key: String
    ) throws(JSONReadError) -> Number {
        try number(object.required(key), in: Self.amounts)
    }

    mutating func rate(
        _ object: inout ObjectReader, _ key: String
    ) throws(JSONReadError) -> Number {
        try number(object.required(key), in: Self.rates)
    }

    private mutating func onlyRate(
        _ reader: JSONReader, _ key: String
    ) throws(JSONReadError) -> Int64 {
        var object = try reader.object()
        let value = try rate(&object, key)
        try object.finish()
        return value.narrow
    }
}
