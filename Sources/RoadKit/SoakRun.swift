import Foundation
import Glibc
import KeeperCodec
import KeeperModel

/// Hours of a venue's time over real HTTP: a real venue, a real keeper that signs and sends, and
/// what the schedule has go wrong. Both are looked at once a second.
package final class SoakRun {
    package struct Sample: Hashable, Sendable {
        /// Of real time, since the soak began.
        package let milliseconds: Int64
        package let keeper: ProcessSample
        package let venue: ProcessSample
        /// Of everything that the keeper keeps for itself.
        package let stateByteCount: UInt64
        package let decisionsByteCount: UInt64
    }

    package let settings: SoakSettings
    package let schedule: SoakSchedule
    package let drill: Drill
    package private(set) var samples: [Sample] = []
    /// Heights that nobody was there to hear of, or that were hidden from whoever was.
    package private(set) var dark: [ClosedRange<UInt64>] = []
    package private(set) var hidden: [ClosedRange<UInt64>] = []
    /// Heights of every fault: what is heard late is decided upon at a later height.
    package private(set) var troubled: [ClosedRange<UInt64>] = []
    package private(set) var readyAt: [Int64] = []
    private let say: (String) -> Void
    private var keeper: SpawnedProgram
    private var lifeCount = 1
    private var sampledAt: Int64 = -1_000

    /// Heights after a fault that its traces may last.
    private static let slackHeights: UInt64 = 3
    /// What a life that is killed may not have written yet.
    private static let unwrittenMilliseconds: Int64 = 2_000
    /// From a height at the venue to its news in the keeper's files, on a machine with other work.
    private static let leavingMilliseconds: Int64 = 500

    package init(_ settings: SoakSettings, say: @escaping (String) -> Void = { _ in }) async throws
    {
        self.settings = settings
        self.say = say
        schedule = SoakSchedule(settings)
        drill = try await Drill(
            scenario: SoakScenario.text(settings),
            speed: Int(settings.factor), venueWords: ["--closable-spans"])
        try drill.folder.write(Self.config(), to: Self.configName)
        keeper = try Self.keeper(1, drill, settings)
        try await waitUntilReady()
    }

    /// Until the venue's time is over, the keeper has ended as it was asked to, and everything that
    /// it left behind was looked at.
    package func play() async throws -> SoakVerdict {
        for fault in schedule.faults {
            try await pass(until: fault.startsAt)
            try await endure(fault)
        }
        try await pass(until: settings.realMilliseconds)
        // Whoever crosses a line while it leaves is the next keeper's.
        dark.append(height(at: milliseconds - Self.leavingMilliseconds)...UInt64.max)
        keeper.send(SIGTERM)
        let ending = try await keeper.end(within: 60)
        guard ending == .exited(0) else {
            throw RoadProblem(
                "the last life: \(ending) " + drill.folder.text(of: errors(lifeCount)))
        }
        return try await SoakVerdict(self)
    }

    package func decisionsFile(_ life: Int) -> String { "decisions-\(life)" }
    package var lives: ClosedRange<Int> { 1...lifeCount }

    // MARK: Time

    private var milliseconds: Int64 {
        Int64(Date().timeIntervalSince1970 * 1_000) - drill.originMilliseconds
    }

    private func height(at milliseconds: Int64) -> UInt64 {
        UInt64(max(milliseconds, 0) * settings.factor / SoakScenario.heightMilliseconds)
    }

    private func pass(until end: Int64) async throws {
        while milliseconds < end {
            if milliseconds >= sampledAt + 1_000 { try sample() }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func sample() throws {
        sampledAt = milliseconds
        guard keeper.endingNow() == nil else {
            throw RoadProblem("the keeper ended: " + drill.folder.text(of: errors(lifeCount)))
        }
        guard let own = ProcessSample(of: keeper.process),
            let others = ProcessSample(of: drill.venue.process)
        else { return }
        let state = drill.folder.file("state")
        samples.append(
            Sample(
                milliseconds: sampledAt, keeper: own, venue: others,
                stateByteCount: byteCount(ofFolder: state),
                decisionsByteCount: byteCount(ofFolder: state) { $0.hasPrefix("decisions") }))
        guard samples.count % 60 == 0, let sample = samples.last else { return }
        say(
            "\(sampledAt / 1_000) s, height \(height(at: sampledAt)): keeper "
                + "\(sample.keeper.residentByteCount >> 10) KiB, venue "
                + "\(sample.venue.residentByteCount >> 10) KiB, state "
                + "\(sample.stateByteCount >> 10) KiB")
    }

    // MARK: Faults

    private func endure(_ fault: SoakFault) async throws {
        let from = milliseconds
        switch fault.kind {
        case .switches(let body):
            try drill.setFaults(body)
            try await pass(until: fault.endsAt)
            try drill.setFaults("{}")
        case .stoppedKeeper:
            keeper.send(SIGSTOP)
            try await pass(until: fault.endsAt)
            keeper.send(SIGCONT)
        case .stoppedVenue:
            drill.stopVenue()
            try await pass(until: fault.endsAt)
            drill.letVenueGoOn()
        case .killedKeeper: try await killKeeper()
        }
        let first = height(
            at: from - (fault.kind == .killedKeeper ? Self.unwrittenMilliseconds : 0))
        let span = first...(height(at: milliseconds) + Self.slackHeights)
        troubled.append(span)
        if fault.kind == .killedKeeper {
            dark.append(span)
        } else if fault.hidesHeights {
            hidden.append(span)
        }
    }

    private func killKeeper() async throws {
        keeper.send(SIGKILL)
        _ = try await keeper.end()
        lifeCount += 1
        keeper = try Self.keeper(lifeCount, drill, settings)
        try await waitUntilReady()
    }

    private static let configName = "config.json"

    /// The past that is kept in memory fills for hours where it is long, and would look like a
    /// leak: short enough, it is full before anybody looks whether something grows.
    private static func config() throws -> String {
        var config = try ChangedFile("config.json")
        try config.add(
            "history",
            .object([
                JSONMember("eventsPerCheckpoint", .count(500)),
                JSONMember("checkpoints", .count(4)),
            ]))
        return config.text
    }

    private static func keeper(
        _ life: Int, _ drill: Drill, _ settings: SoakSettings
    ) throws -> SpawnedProgram {
        try drill.keeper(
            ["--live", "--decisions", drill.folder.file("decisions-\(life)")],
            config: drill.folder.file(configName),
            variables: [
                "BAILIFF__DECISIONS__DISK": "\(settings.decisionsByteCountMax >> 20) MiB",
                // Of the venue's time, which passes so much faster than replies do.
                "BAILIFF__GUARDS__PRICEAGE": "30 s",
            ], errors: drill.folder.file("keeper-\(life).err"))
    }

    private func errors(_ life: Int) -> String { "keeper-\(life).err" }

    private func waitUntilReady() async throws {
        let (drill, keeper, errors) = (drill, keeper, errors(lifeCount))
        try await wait(for: "a keeper that is ready") {
            guard keeper.endingNow() == nil else {
                throw RoadProblem("the keeper ended: " + drill.folder.text(of: errors))
            }
            return drill.folder.text(of: errors).contains("event=ready")
        }
        readyAt.append(milliseconds)
    }
}
