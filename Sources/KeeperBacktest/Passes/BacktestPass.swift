package import KeeperModel
package import KeeperRuntime

/// Many strategies against many rivals in one reading of the file: every letter goes to every run
/// before the next one is read, so that nothing needs to be kept.
package struct BacktestPass {
    private let workplace: Workplace
    private let model: RivalModel

    package init(_ workplace: Workplace, rivals model: RivalModel) {
        self.workplace = workplace
        self.model = model
    }

    /// Where a pass reads from.
    package enum Source {
        case history(HistoryFeed)
        /// Recordings of runs: what their own venues said.
        case recorded(RecordedFeed)
    }

    /// Each strategy by itself, in the order of the names; within it the rivals in theirs. The
    /// decisions of all runs go to what `decisions` makes for each; where there is a witness, they
    /// go there instead, and to the sinks that it has.
    package func run(
        _ strategies: [[StrategyName]], from source: Source,
        decisions: ([StrategyName], Int) -> any DecisionSink = { _, _ in DecisionStore(nil) },
        events: ([StrategyName], Int) -> (any EventSink)? = { _, _ in nil },
        witness: ([StrategyName], Int) -> RunWitness? = { _, _ in nil },
        progress: (Instant) -> Void = { _ in }
    ) throws(KeeperStop) -> [BacktestBand] {
        let boards = ConditionsBoards(of: source, workplace.config)
        var runs: [BacktestRun] = []
        for names in strategies {
            for count in model.counts {
                runs.append(
                    try BacktestRun(
                        names, rivalCount: count, model: model, workplace: workplace,
                        boards: boards, decisions: decisions(names, count),
                        events: events(names, count), witness: witness(names, count)))
            }
        }
        try feed(runs, from: source, progress)
        return try bands(runs, strategies)
    }

    private func feed(
        _ runs: [BacktestRun], from source: Source, _ progress: (Instant) -> Void
    ) throws(KeeperStop) {
        switch source {
        case .history(var feed):
            while let letters = try feed.next() {
                for letter in letters {
                    for run in runs { try run.take(letter) }
                }
                if let instant = letters.first?.receivedAt { progress(instant) }
            }
            try feed.requireOpened()
        case .recorded(var source):
            while let event = try source.next() {
                let letter = FeedLetter(event)
                for run in runs { try run.take(letter) }
                progress(event.receivedAt)
            }
        }
    }

    private func bands(
        _ runs: [BacktestRun], _ strategies: [[StrategyName]]
    ) throws(KeeperStop) -> [BacktestBand] {
        var levels: [BacktestLevel] = []
        for run in runs { levels.append(try run.finish()) }
        return strategies.enumerated().map { index, names in
            let from = index * model.counts.count
            return BacktestBand(
                name: names.map(\.text).joined(separator: "+"),
                levels: Array(levels[from..<from + model.counts.count]))
        }
    }
}

/// The conditions at each venue of a pass: every run over the same history has the same ones.
struct ConditionsBoards {
    private let boards: [DomainID: ConditionsBoard]
    /// Whoever was recorded at a venue was told of its auctions; history has no such venue.
    let followsPlaces: Bool

    init(of source: BacktestPass.Source, _ config: Config) {
        var boards: [DomainID: ConditionsBoard] = [:]
        for venue in config.venues { boards[venue.domain] = ConditionsBoard() }
        if case .history(let feed) = source {
            for stage in feed.stages { boards[stage.domain] = stage.board }
            followsPlaces = true
        } else {
            followsPlaces = false
        }
        self.boards = boards
    }

    func board(of domain: DomainID) -> ConditionsBoard {
        guard let board = boards[domain] else {
            preconditionFailure("Every venue of a configuration has conditions of its own")
        }
        return board
    }
}
