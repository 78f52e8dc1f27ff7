/// The value of `--clock`: venue time is `origin + factor × real time since origin`. Two programs
/// that are given the same value agree about what time it is.
package struct ClockSetting: Hashable, Sendable {
    package let originMilliseconds: Int64
    package let factor: Int64

    /// With an origin within a day, years of running stay within what an instant can say.
    private static let factorMax: Int64 = 1_000
    private static let originDistanceMax: Int64 = 86_400_000

    /// `nowMilliseconds` is the real time: an origin is a moment about now, or the scenario would
    /// be over, or never begin.
    package init(parsing text: String, nowMilliseconds: Int64) throws(UsageError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let origin = Int64(parts[0]), let factor = Int64(parts[1]),
            (1...Self.factorMax).contains(factor)
        else {
            throw UsageError(
                "--clock is ORIGIN,FACTOR: milliseconds since 1970, and a factor from 1 to "
                    + "\(Self.factorMax), such as \(nowMilliseconds),10; found '\(text)'")
        }
        let (distance, overflowed) = origin.subtractingReportingOverflow(nowMilliseconds)
        guard !overflowed, distance.magnitude <= Self.originDistanceMax.magnitude else {
            throw UsageError(
                "--clock starts within a day of now, which is \(nowMilliseconds); found \(origin)")
        }
        originMilliseconds = origin
        self.factor = factor
    }
}
