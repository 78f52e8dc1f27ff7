import Foundation
import KeeperTestKit

/// What `bailiff-dev sim` was asked for.
struct SimRequest {
    enum Seeds {
        case range(ClosedRange<UInt64>)
        /// From a seed on, until the time is over.
        case minutes(UInt64, from: UInt64)
    }

    private(set) var seeds: Seeds
    private(set) var options = SimulationOptions()
    private(set) var strategies = "strategies"
    private(set) var isJSON = false
    private(set) var requiresCoverage = false
    /// Every so many seeds each life is replayed; 0 for none.
    private(set) var replayEvery: UInt64 = 5
    private(set) var shrinks = true

    init(_ arguments: [String]) throws {
        var range: ClosedRange<UInt64>?
        var minutes: UInt64?
        var start: UInt64 = 1
        seeds = .range(1...1)
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--story": options.tellsStory = true
            case "--json": isJSON = true
            case "--require-coverage": requiresCoverage = true
            case "--no-shrink": shrinks = false
            case "--seed":
                let seed = try Self.number(word, &rest)
                range = seed...seed
            case "--seeds": range = try Self.range(Self.text(word, &rest))
            case "--minutes": minutes = try Self.number(word, &rest)
            case "--from": start = try Self.number(word, &rest)
            case "--heights": options.heights = try Self.heights(Self.number(word, &rest))
            case "--replay-every": replayEvery = try Self.number(word, &rest)
            case "--without": options.without = try Self.troubles(Self.text(word, &rest))
            case "--strategies": strategies = try Self.text(word, &rest)
            default: throw SimUsage("unknown option '\(word)'")
            }
        }
        if let minutes {
            seeds = .minutes(minutes, from: range?.lowerBound ?? start)
        } else if let range {
            seeds = .range(range)
        } else {
            throw SimUsage("say --seed N, --seeds A..B or --minutes N")
        }
    }

    func options(of seed: UInt64) -> SimulationOptions {
        var chosen = options
        chosen.isReplayed = replayEvery > 0 && seed % replayEvery == 0
        return chosen
    }

    // MARK: Reading

    private static func text(_ word: String, _ rest: inout ArraySlice<String>) throws -> String {
        guard let text = rest.popFirst() else { throw SimUsage("\(word) needs a value") }
        return text
    }

    private static func number(_ word: String, _ rest: inout ArraySlice<String>) throws -> UInt64 {
        let text = try text(word, &rest)
        guard let number = UInt64(text) else {
            throw SimUsage("\(word) needs a number, not '\(text)'")
        }
        return number
    }

    private static func heights(_ number: UInt64) throws -> UInt64 {
        guard (2...100_000).contains(number) else {
            throw SimUsage("--heights needs 2 to 100000, not \(number)")
        }
        return number
    }

    private static func range(_ text: String) throws -> ClosedRange<UInt64> {
        let ends = text.components(separatedBy: "..").map { UInt64($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last else {
            throw SimUsage("--seeds needs A..B with A not above B")
        }
        return first...last
    }

    private static func troubles(_ text: String) throws -> Set<Trouble> {
        var troubles: Set<Trouble> = []
        for name in text.components(separatedBy: ",") {
            guard let trouble = Trouble(rawValue: name) else {
                let known = Trouble.allCases.map(\.rawValue).joined(separator: ", ")
                throw SimUsage("--without knows no '\(name)'; it knows \(known)")
            }
            troubles.insert(trouble)
        }
        return troubles
    }
}

struct SimUsage: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
