import KeeperModel

/// How long, how fast and with which luck.
package struct SoakSettings: Hashable, Sendable {
    package let venueSeconds: Int64
    package let factor: Int64
    package let seed: UInt64

    package init(venueSeconds: Int64, factor: Int64 = 8, seed: UInt64 = 1) {
        precondition(venueSeconds > 0 && factor > 0, "A soak lasts")
        self.venueSeconds = venueSeconds
        self.factor = factor
        self.seed = seed
    }

    package var realMilliseconds: Int64 { venueSeconds * 1_000 / factor }
    /// Too short for a trend, long enough for every kind of wiring to be tried.
    package var isShort: Bool { venueSeconds < 3_600 }
    package var accountCount: Int { isShort ? 400 : 4_000 }
    /// What decisions may take on disk.
    package var decisionsByteCountMax: UInt64 { isShort ? 1 << 20 : 16 << 20 }
}

/// One thing that goes wrong, in milliseconds of real time since the soak began.
package struct SoakFault: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A body for the venue's test switches.
        case switches(String)
        case stoppedKeeper
        case stoppedVenue
        case killedKeeper
    }

    package let name: String
    package let kind: Kind
    package let startsAt: Int64
    package let length: Int64
    /// Whether some height may never be heard of, or only when it is over.
    package let hidesHeights: Bool

    package var endsAt: Int64 { startsAt + length }
}

/// What goes wrong and when: nothing but settings and seed decide it.
package struct SoakSchedule: Hashable, Sendable {
    package let faults: [SoakFault]
    /// Since then no keeper is killed, so that the last life is long enough for a trend.
    package let lastLifeFrom: Int64

    /// In real time: a live keeper that crashes three times in ten minutes only watches.
    private static let pauseBetweenKills: Int64 = 320_000

    package init(_ settings: SoakSettings) {
        let whole = settings.realMilliseconds
        lastLifeFrom = whole * 6 / 10
        let pauses: ClosedRange<UInt64> = settings.isShort ? 1_500...4_000 : 8_000...30_000
        var generator = SeededGenerator(seed: settings.seed ^ 0x736F_616B)
        var faults: [SoakFault] = []
        var at = whole / 8
        var mayKillFrom = at
        while at < whole * 9 / 10 {
            let fault: SoakFault
            if at >= mayKillFrom, at < lastLifeFrom {
                fault = SoakFault(
                    name: "kill", kind: .killedKeeper, startsAt: at, length: 0, hidesHeights: true)
                mayKillFrom = at + Self.pauseBetweenKills
            } else {
                fault = Self.drawn(at, &generator)
            }
            faults.append(fault)
            at = fault.endsAt + Int64(generator.number(in: pauses))
        }
        self.faults = faults
    }

    private static func drawn(_ at: Int64, _ generator: inout SeededGenerator) -> SoakFault {
        let count = generator.number(in: 1...3)
        let delay = generator.number(in: 50...600)
        let length = Int64(generator.number(in: 1_000...4_000))
        func switches(_ name: String, _ body: String, hides: Bool = false) -> SoakFault {
            SoakFault(
                name: name, kind: .switches(body), startsAt: at, length: length,
                hidesHeights: hides)
        }
        func stop(_ name: String, _ kind: SoakFault.Kind) -> SoakFault {
            SoakFault(name: name, kind: kind, startsAt: at, length: length, hidesHeights: false)
        }
        switch generator.number(in: 0...11) {
        case 0: return switches("late news", #"{"streams":{"delayMilliseconds":\#(delay)}}"#)
        case 1: return switches("lost news", #"{"streams":{"drop":\#(count)}}"#)
        case 2: return switches("news twice", #"{"streams":{"duplicate":\#(count)}}"#, hides: true)
        case 3:
            return switches("news in disorder", #"{"streams":{"reorder":\#(count)}}"#, hides: true)
        case 4:
            return switches(
                "a lie", #"{"streams":{"duplicate":\#(count),"lie":1}}"#, hides: true)
        case 5: return switches("no news", #"{"streams":{"stall":true}}"#)
        case 6: return switches("lost answers", #"{"dropReplies":\#(count)}"#)
        case 7: return switches("late answers", #"{"delayRepliesMilliseconds":\#(delay)}"#)
        case 8: return switches("refused writes", #"{"rejectWrites":true}"#)
        case 9: return switches("a halted market", #"{"halted":["lend-main"]}"#)
        case 10: return switches("a crowd", #"{"crowdCloses":\#(count)}"#)
        default:
            return count == 1
                ? stop("a stopped venue", .stoppedVenue) : stop("a stopped keeper", .stoppedKeeper)
        }
    }
}
