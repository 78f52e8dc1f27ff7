package import KeeperFeeds
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

/// Recordings as a pass reads them: either imported ones and a stage, or one of a run.
package struct HistoryOpening {
    package let source: BacktestPass.Source
    /// What every result rests on, data first.
    package let parts: [ModelPart]
    /// Of the last thing that there is to read.
    package let firstAt: Instant
    package let lastAt: Instant

    package init(
        _ recordings: [(path: String, reader: RecordingReader)], stage: Scenario?,
        oracle: OracleLaw, rivals: RivalModel, customers: CustomerHazard? = nil,
        depth: DepthWish = DepthWish(), workplace: Workplace
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
        let sources = recordings.map { EventSource($0.reader, path: $0.path) }
        let execution = ExecutionModel(latency: workplace.config.dryRun.latency)
        let imported = provenances.compactMap { $0 }
        guard !imported.isEmpty else {
            guard sources.count == 1, stage == nil else {
                throw KeeperStop(
                    .recording, "a recording of a run is read alone, and needs no --on")
            }
            guard customers == nil else {
                throw KeeperStop(
                    .recording,
                    "a recording of a run has its own customers; --customers is for imported "
                        + "history")
            }
            guard depth == DepthWish() else {
                throw KeeperStop(
                    .recording,
                    "a recording of a run has its own books; --depth and --depth-scale are for "
                        + "imported history")
            }
            source = .recorded(sources[0])
            parts =
                [
                    ModelPart(
                        "depth", .measured, "as recorded, less our own sales until the next book")
                ] + execution.parts(hasHeights: false, gasIsMeasured: false) + [rivals.part]
            return
        }
        guard imported.count == recordings.count else {
            throw KeeperStop(.recording, "recordings of runs and imported ones cannot be mixed")
        }
        let checked = try Self.checked(stage, imported, recordings)
        let feed = try HistoryFeed(
            HistoryStage(checked, domain: workplace.config.venue.domain), oracle: oracle,
            depth: try Self.depth(checked, depth, from: firstAt, to: lastAt), sources: sources,
            customers: customers, gasPerClose: execution.gasPerClose)
        source = .history(feed)
        parts =
            Self.parts(feed, imported, oracle, execution, customers) + [rivals.part]
    }

    private static func checked(
        _ stage: Scenario?, _ imported: [ImportProvenance],
        _ recordings: [(path: String, reader: RecordingReader)]
    ) throws(KeeperStop) -> Scenario {
        guard let stage else {
            throw KeeperStop(
                .recording,
                "\(recordings[0].path): is imported history, which needs --on SCENARIO: the venue "
                    + "that it happens at")
        }
        for (provenance, recording) in zip(imported, recordings) {
            guard let decimals = provenance.priceDecimals, decimals != stage.quote.decimals else {
                continue
            }
            throw KeeperStop(
                .recording,
                "\(recording.path): its prices have \(decimals) decimals, and "
                    + "\(stage.quote.asset) of the scenario has \(stage.quote.decimals)")
        }
        return stage
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

    private static func parts(
        _ feed: HistoryFeed, _ imported: [ImportProvenance], _ oracle: OracleLaw,
        _ execution: ExecutionModel, _ customers: CustomerHazard?
    ) -> [ModelPart] {
        let acts = customers == nil ? "nobody acts" : "customers act"
        let hasAccounts = imported.contains { $0.kind == ImportKind.positions.rawValue }
        let accounts =
            hasAccounts
            ? ModelPart(
                "accounts", .measured,
                "of the snapshot; \(acts), and debts grow as the scenario says")
            : ModelPart(
                "accounts", .assumed,
                "drawn by seed \(feed.stage.scenario.seed): health evenly, worth evenly in powers "
                    + "of two, as the scenario says; \(acts), and debts grow as it says")
        let gasIsMeasured = imported.contains { $0.kind == ImportKind.gas.rawValue }
        let rounds = imported.contains { $0.kind == ImportKind.rounds.rawValue }
        return imported.map(\.part) + [accounts] + [customers?.part].compactMap { $0 }
            + [
                rounds
                    ? ModelPart("oracle", .measured, "the rounds that were imported") : oracle.part,
                ConditionsModel.part,
            ] + feed.depth.parts
            + execution.parts(hasHeights: true, gasIsMeasured: gasIsMeasured)
    }
}
