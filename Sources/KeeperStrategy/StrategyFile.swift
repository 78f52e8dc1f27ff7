import KeeperCodec
import KeeperModel

/// Reads a strategy file. Every complaint names file, line and column and what was expected.
package enum StrategyFile {
    package static func read(
        _ bytes: [UInt8], file: String
    ) throws(StrategyFileError) -> Strategy {
        do {
            let value = try JSONValue.parse(
                bytes, limits: .configuration, dialect: .withComments)
            return try strategy(JSONReader(value))
        } catch let error as JSONError {
            throw StrategyFileError(
                file: file, location: error.location, problem: "\(error.problem)")
        } catch let error as JSONReadError {
            let location = error.location(
                in: bytes, limits: .configuration, dialect: .withComments)
            throw StrategyFileError(file: file, location: location, problem: error.description)
        } catch {
            preconditionFailure("Reading throws its own two errors: \(error)")
        }
    }

    private static func strategy(_ reader: JSONReader) throws(JSONReadError) -> Strategy {
        var object = try reader.object()
        _ = object.optional("$schema")
        let strategy = Strategy(
            name: try object.required("strategy").identifier(as: StrategyName.self),
            version: try object.required("version").integer(in: 1...1_000_000_000),
            summary: try object.required("summary").string,
            markets: try markets(object.required("markets")),
            condition: try condition(object.required("when")),
            sizing: try sizing(object.required("size")),
            funding: try object.required("funding").choice([
                "inventory": FundingChoice.inventory, "flash": .flash, "cheapest": .cheapest,
            ]),
            exit: try exit(object.required("exit")),
            bid: try bid(object.required("bid")),
            validHeights: try object.required("validHeights")
                .integer(in: UInt64(1)...10_000),
            coolDown: try object.required("coolDown").timeSpan(in: .zero ... .seconds(86_400)),
            aboveBonus: try object.optional("aboveBonus").map(aboveBonus) ?? .usual,
            trialWithin: try object.optional("tryWithin").map { (json) throws(JSONReadError) in
                try json.timeSpan(in: .milliseconds(1) ... .seconds(60))
            })
        try object.finish()
        try refuseContradictions(strategy, object)
        return strategy
    }

    private static func markets(_ reader: JSONReader) throws(JSONReadError) -> Set<CloseKind> {
        let kinds = try reader.array(countMax: 8) { reader throws(JSONReadError) in
            try reader.choice([
                "lending": CloseKind.lending, "margin": .margin, "push": .push,
                "purchase": .purchase,
            ])
        }
        guard !kinds.isEmpty else { throw reader.refused("at least one kind of close") }
        return Set(kinds)
    }

    private static func condition(_ reader: JSONReader) throws(JSONReadError) -> Condition {
        let text = try reader.string
        let condition: Condition
        do {
            condition = try Condition(text)
        } catch {
            throw reader.refused("a condition (\(error))")
        }
        if let contradiction = condition.contradiction {
            throw reader.refused(contradiction)
        }
        return condition
    }

    private static func sizing(_ reader: JSONReader) throws(JSONReadError) -> Sizing {
        guard case .object = reader.value else {
            return try reader.choice(["full": Sizing.full, "optimal": .optimal])
        }
        var object = try reader.object()
        if let margin = object.optional("twoStep") {
            let marginPpm = try margin.sharePpm()
            guard marginPpm <= 50_000 else { throw margin.refused("a margin of at most 5 %") }
            try object.finish()
            return .twoStep(marginPpm: marginPpm)
        }
        let target = try object.required("restoreHealth")
        let targetPpm = try target.decimal(scale: 6, as: Int64.self)
        guard (1_000_000...10_000_000).contains(targetPpm) else {
            throw target.refused("a health from 1 to 10")
        }
        try object.finish()
        return .restoreHealth(targetPpm: targetPpm)
    }

    /// What each key allows and all of them together do not.
    private static func refuseContradictions(
        _ strategy: Strategy, _ object: ObjectReader
    ) throws(JSONReadError) {
        if strategy.funding == .flash, !strategy.exit.maySell {
            throw JSONReadError(
                .refused(
                    expected:
                        "{\"sellWithin\": …}, because a flash loan is paid back from the exit",
                    found: "an exit that holds"), at: object.path.key("exit"))
        }
        if strategy.funding == .flash, strategy.markets == [.margin] {
            throw JSONReadError(
                .refused(
                    expected:
                        "\"inventory\", because nothing is repaid where margin is closed",
                    found: "flash"), at: object.path.key("funding"))
        }
    }
}

/// What is wrong with a strategy file, and where.
package struct StrategyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int?
    package let column: Int?
    package let problem: String

    init(file: String, location: TextLocation?, problem: String) {
        self.file = file
        line = location?.line
        column = location?.column
        self.problem = problem
    }

    package var description: String {
        guard let line, let column else { return "\(file): \(problem)" }
        return "\(file):\(line):\(column): \(problem)"
    }
}
