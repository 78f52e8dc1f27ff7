import KeeperCommands
import Testing

@Suite struct ClockSettingTests {
    private static let now: Int64 = 1_700_000_000_000

    @Test func `origin and factor are read`() throws {
        let setting = try ClockSetting(parsing: "1700000000123,10", nowMilliseconds: Self.now)
        #expect(setting.originMilliseconds == 1_700_000_000_123)
        #expect(setting.factor == 10)
    }

    @Test(arguments: [
        "", "1700000000000", "1700000000000,", "1700000000000,0", "1700000000000,1001",
        "1700000000000,1.5", "0,1", "9223372036854775807,1", "-9223372036854775808,1",
        "1700000000000,1,1",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: UsageError.self) {
            try ClockSetting(parsing: text, nowMilliseconds: Self.now)
        }
    }
}
