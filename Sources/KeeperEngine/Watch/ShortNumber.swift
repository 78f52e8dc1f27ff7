/// Numbers of 128 bits shortened to 64 in the same order: 57 binary digits and where they stand.
/// Numbers of up to 57 bits are exact.
enum ShortNumber {
    private static let digitCount = 57

    /// The largest short number that is not above the value.
    static func roundedDown(_ value: UInt128) -> UInt64 {
        let shift = max(0, 128 - value.leadingZeroBitCount - digitCount)
        let digits = UInt64(truncatingIfNeeded: value >> shift)
        // From the first shift on the top digit is always set, so it may count as one more shift.
        return UInt64(shift) << (digitCount - 1) + digits
    }

    /// The smallest short number that is not below the value.
    static func roundedUp(_ value: UInt128) -> UInt64 {
        let shift = max(0, 128 - value.leadingZeroBitCount - digitCount)
        let isExact = (value >> shift) << shift == value
        // The next short number is one more, also where the digits are all ones.
        return roundedDown(value) + (isExact ? 0 : 1)
    }
}
