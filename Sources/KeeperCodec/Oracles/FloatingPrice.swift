package import WideMath

/// A price as oracles publish it: an integer times a power of ten.
package struct FloatingPrice: Hashable, Sendable {
    package let mantissa: Int256
    package let exponent: Int

    /// Beyond this no price has places.
    private static let exponentMax = 40

    /// Nil for an exponent that no price has.
    package init?(mantissa: Int256, exponent: Int) {
        guard abs(exponent) <= Self.exponentMax else { return nil }
        self.mantissa = mantissa
        self.exponent = exponent
    }

    /// The price times ten to the power of the decimals, rounded down.
    package func scaled(decimals: Int) throws(ArithmeticError) -> Int256 {
        let shift = exponent + decimals
        guard let power = Int256(exactly: try UInt256.powerOfTen(abs(shift))) else {
            throw .overflow
        }
        guard shift < 0 else { return try mantissa.checkedMultiply(power) }
        return mantissa.quotient(dividingBy: power, rounding: .down)
    }

    /// As people write it, without zeros at the end.
    package var text: String {
        let digits = mantissa.magnitude.description
        let sign = mantissa.isNegative ? "-" : ""
        guard exponent < 0 else {
            let zeros = mantissa.isZero ? 0 : exponent
            return sign + digits + String(repeating: "0", count: zeros)
        }
        let padding = String(repeating: "0", count: max(0, 1 - exponent - digits.utf8.count))
        let padded = padding + digits
        let places = padded.suffix(-exponent).reversed().drop { $0 == "0" }.reversed()
        let whole = padded.dropLast(-exponent)
        return sign + whole + (places.isEmpty ? "" : "." + String(places))
    }
}

/// Whether a price may still be used.
package enum PriceFreshness: String, Hashable, Sendable {
    case fresh, stale
    /// Made later than now by more than clocks differ: somebody's clock is wrong.
    case future

    package init(
        nowSeconds: Int64, madeAtSeconds: Int64, ageMaxSeconds: Int64, skewMaxSeconds: Int64
    ) {
        let (age, overflow) = nowSeconds.subtractingReportingOverflow(madeAtSeconds)
        if overflow {
            self = nowSeconds < madeAtSeconds ? .future : .stale
        } else if age > ageMaxSeconds {
            self = .stale
        } else {
            self = age < 0 && age.magnitude > skewMaxSeconds.magnitude ? .future : .fresh
        }
    }
}

/// A round of a Chainlink proxy: the phase of the aggregator behind it, and the aggregator's own
/// round.
package struct ChainlinkRound: Hashable, Sendable {
    package let phase: UInt16
    package let aggregatorRound: UInt64

    package init(phase: UInt16, aggregatorRound: UInt64) {
        self.phase = phase
        self.aggregatorRound = aggregatorRound
    }

    package var id: UInt256 { UInt256(UInt64(phase)) << 64 | UInt256(aggregatorRound) }
}
