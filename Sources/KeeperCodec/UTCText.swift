package import KeeperModel

/// Instants as people write them: `2026-11-20T12:30:00Z`, to the second and always UTC.
package enum UTCText {
    /// Nil for any other form, and for days that no calendar has.
    package static func instant(_ text: String) -> Instant? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes[4] == dash, bytes[7] == dash, bytes[10] == letterT,
            bytes[13] == colon, bytes[16] == colon, bytes[19] == letterZ,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1_970...2_262).contains(year), (1...12).contains(month),
            (1...dayCount(of: month, year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
        let product = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return product.overflow ? nil : Instant(nanoseconds: product.partialValue)
    }

    /// The first instant behind a month such as `2026-01`; nil where the text is no month.
    package static func endOfMonth(_ month: String) -> Instant? {
        guard let start = instant("\(month)-01T00:00:00Z"), month.utf8.count == 7 else {
            return nil
        }
        let digits = Array(month.utf8)
        guard let year = number(digits[0..<4]), let number = number(digits[5..<7]) else {
            return nil
        }
        return start + .seconds(dayCount(of: number, year) * 86_400)
    }

    /// The same form of an instant, its second cut.
    package static func text(_ instant: Instant) -> String {
        let second = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let seconds = second.remainder < 0 ? second.quotient - 1 : second.quotient
        let days = Int64((seconds - ((seconds % 86_400 + 86_400) % 86_400)) / 86_400)
        let rest = seconds - days * 86_400
        let (year, month, day) = date(days)
        return padded(year, 4) + "-" + padded(month) + "-" + padded(day) + "T"
            + padded(rest / 3_600) + ":" + padded(rest / 60 % 60) + ":" + padded(rest % 60) + "Z"
    }

    /// The calendar day of a number of days since 1970-01-01: a guess at the year, put right.
    private static func date(_ count: Int64) -> (year: Int64, month: Int64, day: Int64) {
        var year = 1_970 + count / 366
        if count < 0 { year -= 1 }
        while days(year + 1, 1, 1) <= count { year += 1 }
        var month: Int64 = 1
        while month < 12, days(year, month + 1, 1) <= count { month += 1 }
        return (year, month, count - days(year, month, 1) + 1)
    }

    private static func padded(_ number: Int64, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return number
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func dayCount(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Since 1970-01-01.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let leapDays = { (year: Int64) in year / 4 - year / 100 + year / 400 }
        let whole = (year - 1_970) * 365 + leapDays(year - 1) - leapDays(1_969)
        let before = (1..<month).reduce(Int64(0)) { $0 + dayCount(of: $1, year) }
        return whole + before + day - 1
    }

    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")
    private static let letterT = UInt8(ascii: "T")
    private static let letterZ = UInt8(ascii: "Z")
}
