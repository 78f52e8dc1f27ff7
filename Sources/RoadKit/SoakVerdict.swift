import Foundation
import KeeperCodec
import KeeperJournal
import KeeperModel

/// What a soak has to say for itself, and what is wrong with that; nothing where all held.
package struct SoakVerdict: Sendable {
    /// What became of those who could be closed, counted in times that they could be.
    package struct Chances: Hashable, Sendable {
        package fileprivate(set) var all = 0
        package fileprivate(set) var won = 0
        package fileprivate(set) var closedByOthers = 0
        package fileprivate(set) var reasoned = 0
        /// Seen, and over before there was anything to decide.
        package fileprivate(set) var seen = 0
        /// All of it while the keeper was dead, or while the venue hid heights on purpose.
        package fileprivate(set) var inTheDark = 0
        package fileprivate(set) var hidden = 0
        package fileprivate(set) var missed: [String] = []
    }

    package let chances: Chances
    package let keeper: SoakTrend
    package let venue: SoakTrend
    package let decisionsByteCountMost: UInt64
    package let stateByteCount: UInt64
    package let closeCount: Int
    package let faultCounts: [(name: String, count: Int)]
    package let complaints: [String]

    init(_ run: SoakRun) async throws {
        var complaints = try await run.drill.complaintsAboutBooks()
        let remarks = try Remarks(run)
        chances = try Self.chances(run, remarks)
        closeCount = try run.drill.journal().closes(CloseFilter(countMax: .max)).count
        let last = run.samples.filter { $0.milliseconds > run.schedule.lastLifeFrom }
        // The first quarter is for warming up.
        let settled = Array(last.dropFirst(last.count / 4))
        keeper = SoakTrend(settled.map(\.keeper), factor: run.settings.factor)
        venue = SoakTrend(settled.map(\.venue), factor: run.settings.factor)
        decisionsByteCountMost = run.samples.map(\.decisionsByteCount).max() ?? 0
        stateByteCount = run.samples.last?.stateByteCount ?? 0
        let names = run.schedule.faults.map(\.name)
        faultCounts = Set(names).sorted().map { name in (name, names.count { $0 == name }) }
        if !chances.missed.isEmpty {
            let first = chances.missed.prefix(3).joined(separator: ", ")
            complaints.append("\(chances.missed.count) accounts were missed: \(first)")
        }
        if chances.won == 0 { complaints.append("no account was closed when it could be") }
        if remarks.disagreedCount > 0 {
            complaints.append("index and rule disagreed \(remarks.disagreedCount) times")
        }
        complaints += keeper.complaints(of: "keeper") + venue.complaints(of: "venue")
        let room = run.settings.decisionsByteCountMax + Self.logByteCountMax
        if decisionsByteCountMost > room {
            complaints.append("decisions took \(decisionsByteCountMost) bytes of \(room)")
        }
        self.complaints = complaints
    }

    /// SQLite's own log, which is beside the file and beyond the keeper's budget.
    private static let logByteCountMax: UInt64 = 8 << 20

    private static func chances(_ run: SoakRun, _ remarks: Remarks) throws -> Chances {
        var chances = Chances()
        let report = try JSONReader(JSONValue.parse(run.drill.folder.bytes(of: "report.json")))
        var object = try report.object()
        var spans: [Remarks.Place: [ClosedRange<UInt64>]] = [:]
        for element in try object.required("closable").array() {
            var span = try element.object()
            let place = Remarks.Place(
                market: try span.value("market"), account: try span.value("account"))
            let heights = try span.uint64("firstHeight")...span.uint64("lastHeight")
            spans[place, default: []].append(heights)
        }
        for (place, heights) in spans {
            let own = run.chances(heights)
            let said = SoakChance.labels(of: own, from: remarks.episodes(of: place))
            for (chance, labels) in zip(own, said) {
                chances.count(chance, at: place, labels, run)
            }
        }
        chances.missed.sort()
        return chances
    }
}

extension SoakVerdict.Chances {
    fileprivate mutating func count(
        _ chance: SoakChance, at place: Remarks.Place, _ labels: [String], _ run: SoakRun
    ) {
        let heights = chance.heights
        func isWithin(_ spans: [ClosedRange<UInt64>]) -> Bool {
            spans.contains {
                $0.contains(heights.lowerBound) && $0.contains(heights.upperBound)
            }
        }
        all += 1
        if labels.contains("ended-won") {
            won += 1
        } else if labels.contains(where: { $0.hasPrefix("missed-") }) {
            closedByOthers += 1
        } else if labels.contains(where: { $0 != "eligible" }) {
            reasoned += 1
        } else if !labels.isEmpty {
            seen += 1
        } else if isWithin(run.dark) {
            inTheDark += 1
        } else if isWithin(run.hidden) {
            hidden += 1
        } else {
            missed.append("\(place.market)/\(place.account) at \(heights)")
        }
    }
}

extension SoakRun {
    /// Decisions are said at the newest height that their keeper has heard of, so those about news
    /// that came late have later ones: ten seconds of real time, or what follows a fault.
    fileprivate func chances(_ spans: [ClosedRange<UInt64>]) -> [SoakChance] {
        spans.sorted { $0.lowerBound < $1.lowerBound }.map { heights in
            let late = troubled.filter { $0.overlaps(heights) }.map(\.upperBound).max() ?? 0
            return SoakChance(
                heights: heights, until: max(heights.upperBound + SoakEpisode.lateHeights, late))
        }
    }
}

/// Every decision of every life, by account.
private struct Remarks {
    struct Place: Hashable {
        let market: MarketID
        let account: AccountID
    }

    private var remarks: [Place: [SoakRemark]] = [:]
    private(set) var disagreedCount = 0

    init(_ run: SoakRun) throws {
        for life in run.lives {
            let bytes = try run.drill.folder.bytes(of: run.decisionsFile(life))
            // A life that was killed may have left half a line.
            for line in bytes.split(separator: UInt8(ascii: "\n")) where line.last == 0x7D {
                let decision = try Decision(JSONReader(JSONValue.parse(Array(line))))
                let place = Place(
                    market: decision.target.market, account: decision.target.account)
                let label = decision.verdict.label
                if decision.verdict == .disagreed { disagreedCount += 1 }
                remarks[place, default: []].append(
                    SoakRemark(height: decision.height, label: label))
            }
        }
    }

    func episodes(of place: Place) -> [SoakEpisode] {
        SoakEpisode.all(in: remarks[place] ?? [])
    }
}
