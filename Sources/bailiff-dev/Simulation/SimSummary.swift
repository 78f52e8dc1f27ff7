import KeeperCodec
import KeeperRuntime
import KeeperTestKit

/// What all seeds of a run came to.
struct SimSummary {
    private(set) var seedCount: UInt64 = 0
    private(set) var coverage = Coverage()
    private var eventCount: UInt64 = 0
    private var submitCount: UInt64 = 0
    private var wonCount: UInt64 = 0
    private var lifeCount: UInt64 = 0
    private var resettledCount: UInt64 = 0
    private var comparedStallCount: UInt64 = 0
    private let start = ContinuousClock.now

    mutating func note(_ outcome: SimOutcome) {
        seedCount += 1
        lifeCount += UInt64(outcome.lives)
        resettledCount += outcome.resettledCount
        comparedStallCount += outcome.comparedStallCount
        coverage.merge(outcome.coverage)
        for tally in outcome.tallies {
            eventCount += tally.eventCount
            submitCount += tally.submitCount
            wonCount += tally.wonCount
        }
    }

    var seconds: Int64 { (ContinuousClock.now - start).components.seconds }

    private var closeCount: UInt64 {
        coverage.rows(of: .closes).reduce(0) { $0 + $1.count }
    }

    var line: String {
        "\(seedCount) seeds, \(eventCount) events, \(submitCount) sends, "
            + "\(closeCount) closes (\(wonCount) ours, \(resettledCount) in all "
            + "settled again by the referee), \(lifeCount) lives, "
            + "\(comparedStallCount) stalls compared, \(seconds) s"
    }

    /// One line per topic, and what never occurred.
    var table: String {
        let topics = Coverage.Topic.allCases.map { topic in
            let rows = coverage.rows(of: topic).map { "    \($0.name): \($0.count)" }
            return (["  \(topic.rawValue)"] + rows).joined(separator: "\n")
        }
        let never = coverage.neverSeen.map { "    \($0.topic.rawValue): \($0.name)" }
        return (topics + (never.isEmpty ? [] : ["  never occurred"] + never))
            .joined(separator: "\n")
    }

    func json(failure: SimFailure?) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("seeds", seedCount)
        json.member("events", eventCount)
        json.member("sends", submitCount)
        json.member("closes", closeCount)
        json.member("ownCloses", wonCount)
        json.member("lives", lifeCount)
        json.member("resettled", resettledCount)
        json.member("stallsCompared", comparedStallCount)
        json.member("seconds", seconds)
        if let failure {
            json.member("failedSeed", failure.seed)
            json.member("violation", failure.violation)
            json.member("repeat", failure.command)
        }
        for topic in Coverage.Topic.allCases {
            json.key(topic.rawValue)
            json.beginObject()
            for row in coverage.rows(of: topic) { json.member(row.name, row.count) }
            json.endObject()
        }
        json.key("neverOccurred")
        json.beginArray()
        for (topic, name) in coverage.neverSeen { json.string("\(topic.rawValue): \(name)") }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}

/// A seed that showed something, and how to see it again.
struct SimFailure {
    let seed: UInt64
    let violation: String
    let command: String
}
