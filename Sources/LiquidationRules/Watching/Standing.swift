package import WideMath

/// Both sides of a rule that closes an account whose backing is too small for what it owes.
package struct Standing: Hashable, Sendable {
    package enum Line: Hashable, Sendable {
        /// Backing that equals what is owed is enough.
        case below
        /// It is not enough.
        case atOrBelow
    }

    /// The largest value where it does not fit: the contract reverts then, and nobody is closed.
    package let backing: UInt256
    package let owed: UInt256
    package let line: Line

    package init(backing: UInt256?, owed: UInt256, line: Line = .below) {
        self.backing = backing ?? .max
        self.owed = owed
        self.line = line
    }

    package var isLiquidatable: Bool {
        guard !owed.isZero, backing != .max else { return false }
        return line == .below ? backing < owed : backing <= owed
    }

    /// ⌊backing · 1e18 / owed⌋ is below 1e18 exactly where the backing is below what is owed.
    /// Where equal is not enough, it is put just below the line too.
    package var healthWad: UInt256 {
        guard !owed.isZero, backing != .max else { return .max }
        // A quotient that does not fit is health without end.
        let health = try? mulDiv(backing, wad, dividingBy: owed, rounding: .down)
        guard line == .atOrBelow, backing == owed else { return health ?? .max }
        return wad - .one
    }
}
