// The announced end of this version of the API: Deprecation (RFC 9745) and Sunset (RFC 8594).

import HTTPServing
import KeeperCodec
package import KeeperModel

package struct VenueRetirement: Hashable, Sendable {
    package let deprecatedAt: Instant
    package let sunsetAt: Instant

    package init(deprecatedAt: Instant, sunsetAt: Instant) {
        self.deprecatedAt = deprecatedAt
        self.sunsetAt = sunsetAt
    }

    var headers: [HTTPField] {
        [
            HTTPField("Deprecation", "@\(deprecatedAt.nanoseconds / 1_000_000_000)"),
            HTTPField("Sunset", Self.httpDate(sunsetAt)),
        ]
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, of an instant after 1970, which began on a Thursday.
    static func httpDate(_ instant: Instant) -> String {
        precondition(instant.nanoseconds >= 0, "A venue ends after 1970")
        let seconds = instant.nanoseconds / 1_000_000_000
        let text = Array(UTCText.text(instant))
        let month = months[(Int(String(text[5...6])) ?? 1) - 1]
        let weekday = days[Int(seconds / 86_400 % 7)]
        let (year, day, time) = (String(text[0...3]), String(text[8...9]), String(text[11...18]))
        return "\(weekday), \(day) \(month) \(year) \(time) GMT"
    }
}
