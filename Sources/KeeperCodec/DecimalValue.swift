package import WideMath

/// The integers that decimal text can become.

extension DecimalValue where Self: FixedWidthInteger {
    package init?(decimalMagnitude magnitude: UInt256, isNegative: Bool) {
        precondition(Self.bitWidth <= 64, "wider types convert for themselves")
        guard let word = magnitude.asUInt64 else { return nil }
        guard isNegative else {
            self.init(exactly: word)
            return
        }
        guard word <= Int64.min.magnitude else { return nil }
        self.init(exactly: Int64(bitPattern: 0 &- word))
    }

    package static var decimalName: String {
        (isSigned ? "an integer" : "a whole number") + " of \(bitWidth) bits"
    }
}

extension Int: DecimalValue {}
extension Int32: DecimalValue {}
extension Int64: DecimalValue {}
extension UInt8: DecimalValue {}
extension UInt16: DecimalValue {}
extension UInt32: DecimalValue {}
extension UInt64: DecimalValue {}

extension UInt256: DecimalValue {
    package init?(decimalMagnitude magnitude: UInt256, isNegative: Bool) {
        guard !isNegative else { return nil }
        self = magnitude
    }

    package static var decimalName: String { "a whole number of 256 bits" }
}

extension Int256: DecimalValue {
    package init?(decimalMagnitude magnitude: UInt256, isNegative: Bool) {
        self.init(magnitude: magnitude, isNegative: isNegative)
    }

    package static var decimalName: String { "an integer of 256 bits" }
}
