import KeeperCodec
import KeeperModel
import Testing

@Suite struct UTCTextTests {
    /// Seconds from `date -u -d TEXT +%s`.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951_868_799),
        ("2026-11-20T12:30:00Z", 1_795_177_800), ("2100-03-01T00:00:00Z", 4_107_542_400),
        ("2261-12-31T23:59:59Z", 9_214_646_399),
    ])
    func `a date and time is the instant that the calendar says`(text: String, seconds: Int64) {
        #expect(UTCText.instant(text) == Instant(milliseconds: seconds * 1_000))
        #expect(UTCText.text(Instant(milliseconds: seconds * 1_000)) == text)
        #expect(UTCText.text(Instant(milliseconds: seconds * 1_000 + 999)) == text)
    }

    @Test(arguments: [
        ("2026-01", "2026-02-01T00:00:00Z"), ("2024-02", "2024-03-01T00:00:00Z"),
        ("2026-12", "2027-01-01T00:00:00Z"),
    ])
    func `a month ends with the first instant of the next`(month: String, end: String) {
        #expect(UTCText.endOfMonth(month) == UTCText.instant(end))
    }

    @Test(arguments: ["2026-13", "2026-1", "2026", "", "2026-01-01", "2026-00"])
    func `any other form is no month`(text: String) {
        #expect(UTCText.endOfMonth(text) == nil)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20 12:30:00Z", "2026-11-20T12:30:00", "2026-11-20T12:30:00+01",
        "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-31T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T23:60:00Z",
        "1969-12-31T23:59:59Z", "2262-12-31T00:00:00Z", "２026-11-20T12:30:00Z",
        "2026-1a-20T12:30:00Z", "2026-00-20T12:30:00Z", "2026-11-00T12:30:00Z",
    ])
    func `any other form is no instant`(text: String) {
        #expect(UTCText.instant(text) == nil)
    }
}
