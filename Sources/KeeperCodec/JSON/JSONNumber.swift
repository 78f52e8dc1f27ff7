/// A number as it was written. Two numbers are equal when their text is.
package struct JSONNumber: Equatable, Sendable, CustomStringConvertible {
    package let text: String

    init(alreadyChecked text: String) { self.text = text }

    package init(_ value: Int64) { text = String(value) }
    package init(_ value: UInt64) { text = String(value) }

    /// Text of the JSON number grammar, and nothing around it.
    package init?(checking text: String) {
        let bytes = Array(text.utf8)
        guard Decimal.endOfNumber(in: bytes, from: 0) == bytes.count else { return nil }
        self.text = text
    }

    package var int64: Int64? { integer(as: Int64.self) }
    package var uint64: UInt64? { integer(as: UInt64.self) }

    /// A plain integer, without point and exponent.
    package func integer<Value: DecimalValue>(as type: Value.Type) -> Value? {
        let bytes = Array(text.utf8)
        return Decimal.integer(bytes, 0..<bytes.count, as: type)
    }

    /// The number times 10^scale, where that is an integer and fits.
    package func decimal<Value: DecimalValue>(scale: Int, as type: Value.Type) -> Value? {
        let bytes = Array(text.utf8)
        return Decimal.scaled(bytes, 0..<bytes.count, scale: scale, as: type)
    }

    package var description: String { text }
}
