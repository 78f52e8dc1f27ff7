import WideMath

/// An amount and what all of it is worth.
struct Share {
    private(set) var amount: UInt256
    private(set) var units: UInt256

    init(amount: UInt256, units: UInt256) {
        self.amount = amount
        self.units = units
    }

    /// Takes a part out, its worth rounded down; the last part gets what is left.
    mutating func part(_ part: UInt256) -> UInt256 {
        precondition(!part.isZero && part <= amount, "A part is no more than the whole")
        guard part < amount else {
            defer { self = Share(amount: .zero, units: .zero) }
            return units
        }
        let worth: UInt256
        do {
            worth = try mulDiv(units, part, dividingBy: amount, rounding: .down)
        } catch {
            preconditionFailure("A part is worth no more than the whole: \(error)")
        }
        amount -= part
        units -= worth
        return worth
    }
}
