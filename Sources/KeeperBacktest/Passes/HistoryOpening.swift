import KeeperFeeds
package import KeeperModel
package import KeeperRuntime
package import VenueSimulator

/// Which books are asked for: recordings of some, and how much of every quantity.
package struct DepthWish: Hashable, Sendable {
    package var paths: [String]
    package var scalePpm: UInt64

    package init(paths: [String] = [], scalePpm: UInt64 = StageDepth.wholePpm) {
        self.paths = paths
        self.scalePpm = scalePpm
    }
}

/// Where imported history happens at one venue: its markets and books, and how a price of the
/// exchange comes into force there.
package struct StageWish {
    package let domain: DomainID
    package let scenario: Scenario
    package let oracle: OracleLaw

    package init(domain: DomainID, scenario: Scenario, oracle: OracleLaw = .standard) {
        self.domain = domain
        self.scenario = scenario
        self.oracle = oracle
    }
}

/// Recordings as a pass reads them: either imported ones and stages, or those of runs.
package struct HistoryOpening {
    package let source: BacktestPass.Source
    /// What every result rests on, data first.
    package let parts: [ModelPart]
    /// Of the last thing that there is to read.
    package let firstAt: Instant
    package let lastAt: Instant

    /// At the one venue of a configuration.
    package init(
        _ recordings: [OpenRecording], stage: Scenario?, oracle: OracleLaw, rivals: RivalModel,
        customers: CustomerHazard? = nil, depth: DepthWish = DepthWish(), workplace: Workplace
    ) throws(KeeperStop) {
        let domain = workplace.config.venue.domain
        try self.init(
            recordings,
            stages: stage.map { [StageWish(domain: domain, scenario: $0, oracle: oracle)] } ?? [],
            rivals: rivals, customers: customers, depth: depth, workplace: workplace)
    }

    /// A stage for each venue of the configuration, in its order; none where runs were recorded.
    package init(
        _ recordings: [OpenRecording], stages: [StageWish], rivals: RivalModel,
        customers: CustomerHazard? = nil, depth: DepthWish = DepthWish(), workplace: Workplace
    ) throws(KeeperStop) {
        let provenances = try recordings.map {
            (recording) throws(KeeperStop) in
            try ImportProvenance.read(recording.reader.header, path: recording.path)
        }
        firstAt =
            recordings.compactMap { $0.reader.frames.first?.header.firstAvailableAt }.min()
            ?? Instant(nanoseconds: 0)
        lastAt =
            recordings.compactMap { $0.reader.frames.last?.header.lastAvailableAt }.max()
            ?? Instant(nanoseconds: 0)
        let config = workplace.config
        let imported = provenances.compactMap { $0 }
        guard !imported.isEmpty else {
            try Self.requireNoStage(stages, customers, depth)
            source = .recorded(try RecordedFeed.open(recordings, config))
            parts = Self.recordedParts(config) + [rivals.part]
            return
        }
        guard imported.count == recordings.count else {
            throw KeeperStop(.recording, "recordings of runs and imported ones cannot be mixed")
        }
        let history = try ImportedHistory(recordings, imported, config)
        try history.requireStages(stages)
        var feeds: [StageFeed] = []
        for wish in stages {
            feeds.append(
                StageFeed(
                    HistoryStage(wish.scenario, domain: wish.domain), oracle: wish.oracle,
                    depth: try Self.depth(wish.scenario, depth, from: firstAt, to: lastAt),
                    customers: customers))
        }
        source = .history(
            try HistoryFeed(
                feeds, sources: recordings.map { EventSource($0.reader, path: $0.path) }))
        parts =
            history.parts(stages, feeds, customers: customers) + [rivals.part]
    }

    private static func requireNoStage(
        _ stages: [StageWish], _ customers: CustomerHazard?, _ depth: DepthWish
    ) throws(KeeperStop) {
        guard stages.isEmpty else {
            throw KeeperStop(.recording, "a recording of a run needs no --on: it has its own venue")
        }
        guard customers == nil else {
            throw KeeperStop(
                .recording,
                "a recording of a run has its own customers; --customers is for imported history")
        }
        guard depth == DepthWish() else {
            throw KeeperStop(
                .recording,
                "a recording of a run has its own books; --depth and --depth-scale are for "
                    + "imported history")
        }
    }

    private static func recordedParts(_ config: Config) -> [ModelPart] {
        let depth = ModelPart(
            "depth", .measured, "as recorded, less our own sales until the next book")
        let latencies = config.venues.flatMap { venue in
            ExecutionModel(latency: venue.dryLatency)
                .parts(hasHeights: false, gasIsMeasured: false)
                .map { config.hasSeveralVenues ? $0.at(venue.domain) : $0 }
        }
        return [depth] + latencies
    }

    private static func depth(
        _ stage: Scenario, _ wish: DepthWish, from firstAt: Instant, to lastAt: Instant
    ) throws(KeeperStop) -> StageDepth {
        var books: [RecordedBooks] = []
        for path in wish.paths {
            books.append(try RecordedBooks(path: path, reader: Self.reader(path)))
        }
        return try StageDepth(
            stage, scalePpm: wish.scalePpm, books: books, pricesFrom: firstAt, to: lastAt)
    }

    private static func reader(_ path: String) throws(KeeperStop) -> RecordingReader {
        do {
            return try RecordingReader(path: path)
        } catch {
            throw KeeperStop(.recording, "\(path): \(error)")
        }
    }
}
