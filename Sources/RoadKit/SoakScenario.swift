import KeeperCodec
import KeeperModel

/// The drill's venue for hours: its markets with more people in them, and prices that wander down,
/// so that at every height somebody may cross a line and come back.
enum SoakScenario {
    /// Venue time from one height to the next.
    static let heightMilliseconds: Int64 = 4_000

    static func text(_ settings: SoakSettings) throws -> String {
        var generator = SeededGenerator(seed: settings.seed)
        var scenario = try ChangedFile("scenarios/drill.json")
        let heightCount = UInt64(settings.venueSeconds * 1_000 / heightMilliseconds) + 1_000
        try scenario.set(["scenario"], .string("soak"))
        try scenario.set(["seed"], .count(settings.seed))
        try scenario.set(["height"], .string("\(heightMilliseconds) ms"))
        try scenario.set(["heights"], .count(heightCount))
        for (place, price) in [("0", UInt64(2_500_000_000)), ("1", 5_000_000)] {
            let path = path(from: price, over: heightCount - 1_000, settings, &generator)
            try scenario.set(["assets", place, "path"], path)
        }
        let lending = UInt64(settings.accountCount)
        try scenario.set(["markets", "0", "accounts"], .count(lending))
        try scenario.set(
            ["markets", "0", "health"], settings.isShort ? "[1.02, 1.3]" : "[1.02, 2.2]")
        try scenario.set(["markets", "1", "accounts"], .count(max(lending / 10, 8)))
        try scenario.set(["markets", "1", "leverage"], "[2.0, 12.0]")
        return scenario.text
    }

    /// A walk of equal steps that ends where the fall says, up and down on its way.
    private static func path(
        from price: UInt64, over heightCount: UInt64, _ settings: SoakSettings,
        _ generator: inout SeededGenerator
    ) -> JSONValue {
        let steps = UInt64(settings.isShort ? 30 : 96)
        let fallPpm = settings.isShort ? UInt64(4_000) : 6_000
        let swingPpm: UInt64 = 15_000
        var price = price
        var points: [JSONValue] = []
        for step in 0...steps {
            points.append(
                .object([
                    JSONMember("height", .count(heightCount * step / steps)),
                    JSONMember("price", .string(Self.dollars(price))),
                ]))
            let drawn = generator.number(in: 0...(2 * swingPpm))
            price = price * (1_000_000 - fallPpm + drawn - swingPpm) / 1_000_000
        }
        return .array(points)
    }

    private static func dollars(_ units: UInt64) -> String {
        let cents = String(units % 1_000_000)
        return "\(units / 1_000_000).\(String(repeating: "0", count: 6 - cents.count))\(cents) USD"
    }
}
