import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

// How numbers are written in vectors: decimal strings, fractions, decimals.

extension JSONReader {
    func int64Text() throws(JSONReadError) -> Int64 { try quotedInteger(as: Int64.self) }

    func uint64Text() throws(JSONReadError) -> UInt64 { try quotedInteger(as: UInt64.self) }

    func int256Text() throws(JSONReadError) -> Int256 {
        guard let value = Int256(decimal: try string) else {
            throw refused("a decimal integer of 256 bits in quotes")
        }
        return value
    }

    func uint256Text() throws(JSONReadError) -> UInt256 {
        guard let value = UInt256(decimal: try string) else {
            throw refused("a decimal integer of 256 bits in quotes")
        }
        return value
    }

    /// An integer, a decimal or a fraction.
    func fraction() throws(JSONReadError) -> ExactFraction {
        guard let value = ExactFraction(text: try string) else {
            throw refused("a decimal or a fraction in quotes")
        }
        return value
    }

    /// A decimal times the scale, which must make it an integer.
    func scaled(by scale: Int256) throws(JSONReadError) -> Int64 {
        let value = try fraction()
        let product = value.numerator * scale
        guard (product % value.denominator).isZero,
            let integer = (product / value.denominator).asInt64
        else { throw refused("a decimal with at most as many places as the unit has") }
        return integer
    }

    func side() throws(JSONReadError) -> PositionSide {
        try choice(["long": PositionSide.long, "short": .short])
    }
}

extension ObjectReader {
    mutating func int64(_ key: String) throws(JSONReadError) -> Int64 {
        try required(key).int64Text()
    }

    mutating func int256(_ key: String) throws(JSONReadError) -> Int256 {
        try required(key).int256Text()
    }

    mutating func uint256(_ key: String) throws(JSONReadError) -> UInt256 {
        try required(key).uint256Text()
    }

    mutating func fraction(_ key: String) throws(JSONReadError) -> ExactFraction {
        try required(key).fraction()
    }
}

extension ExactFraction {
    /// `12`, `-0.5` or `3/7`.
    init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let top = Int256(decimal: parts[0]), let bottom = Int256(decimal: parts[1]),
                !bottom.isZero
            else { return nil }
            self.init(top, over: bottom)
            return
        }
        let decimal = text.split(separator: ".", omittingEmptySubsequences: false)
        let places = decimal.count == 2 ? decimal[1].utf8.count : 0
        // The sign stands before the point, so the digits of both sides read as one number. A
        // number of more than 70 digits is no amount.
        guard decimal.count <= 2, places <= 70, decimal.count == 1 || places > 0,
            let digits = Int256(decimal: decimal.joined()),
            // Too many places for a power of ten are refused like any other text.
            let scale = try? UInt256.powerOfTen(places), let denominator = Int256(exactly: scale)
        else { return nil }
        self.init(digits, over: denominator)
    }

    /// A whole number without its denominator.
    var shortText: String { denominator == 1 ? numerator.description : description }

    /// To the nearest of so many places, a tie going up.
    func decimalText(places: Int) -> String {
        var scale: Int256 = 1
        for _ in 0..<places { scale = scale * 10 }
        let rounded = (numerator * scale).quotient(dividingBy: denominator, rounding: .halfUp)
        let digits = rounded.magnitude.description
        let padding = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count))
        let padded = padding + digits
        let sign = rounded.isNegative ? "-" : ""
        return sign + padded.dropLast(places) + (places > 0 ? "." + padded.suffix(places) : "")
    }
}

extension JSONValue {
    static func text(_ value: some CustomStringConvertible) -> JSONValue {
        .string(value.description)
    }

    static func textOrNull(_ value: (some CustomStringConvertible)?) -> JSONValue {
        value.map { .string($0.description) } ?? .null
    }

    static func record(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { JSONMember($0.key, $0.value) })
    }

    static func list<Element>(
        _ elements: [Element], _ convert: (Element) -> JSONValue
    ) -> JSONValue {
        .array(elements.map(convert))
    }
}
