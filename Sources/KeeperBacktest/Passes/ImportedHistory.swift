import KeeperFeeds
import KeeperModel
import KeeperRuntime
import VenueSimulator

/// Imported recordings beside the stages that they happen at: what fits together, and what a result
/// rests on.
struct ImportedHistory {
    private struct File {
        let path: String
        let provenance: ImportProvenance
        /// Whose it is; nil for what every venue hears of.
        let domain: DomainID?
    }

    private let files: [File]
    private let config: Config

    init(
        _ recordings: [OpenRecording], _ provenances: [ImportProvenance], _ config: Config
    ) throws(KeeperStop) {
        self.config = config
        var files: [File] = []
        for (recording, provenance) in zip(recordings, provenances) {
            let domain = recording.reader.header.domains.first { $0 != HistoryDomain.id }
            if let domain, config.venue(of: domain) == nil {
                throw KeeperStop(
                    .recording,
                    "\(recording.path): was imported for '\(domain)', and the configuration names "
                        + config.venueNames)
            }
            files.append(File(path: recording.path, provenance: provenance, domain: domain))
        }
        self.files = files
    }

    func requireStages(_ stages: [StageWish]) throws(KeeperStop) {
        for venue in config.venues where !stages.contains(where: { $0.domain == venue.domain }) {
            guard config.hasSeveralVenues else {
                throw KeeperStop(
                    .recording,
                    "\(files[0].path): is imported history, which needs --on SCENARIO: the venue "
                        + "that it happens at")
            }
            throw KeeperStop(
                .recording,
                "\(files[0].path): is imported history, which needs --on \(venue.domain)=SCENARIO: "
                    + "what it happens at there")
        }
        for wish in stages { try requireDecimals(of: wish) }
        try requireOwners()
    }

    private func requireDecimals(of wish: StageWish) throws(KeeperStop) {
        let quote = wish.scenario.quote
        for file in files where file.domain == nil || file.domain == wish.domain {
            guard let decimals = file.provenance.priceDecimals, decimals != quote.decimals else {
                continue
            }
            throw KeeperStop(
                .recording,
                "\(file.path): its prices have \(decimals) decimals, and "
                    + "\(quote.asset) of the scenario has \(quote.decimals)")
        }
    }

    /// Accounts and closes are of one venue, whatever prices are.
    private func requireOwners() throws(KeeperStop) {
        guard config.hasSeveralVenues else { return }
        let owned: [ImportKind] = [.positions, .liquidations]
        let nobodys = files.first { file in
            file.domain == nil && owned.contains { $0.rawValue == file.provenance.kind }
        }
        guard let nobodys else { return }
        throw KeeperStop(
            .recording,
            "\(nobodys.path): is of one venue, and there are \(config.venueNames); import it with "
                + "--domain")
    }

    // MARK: What a result rests on

    /// What is said once for all, and what each stage has of its own.
    func parts(
        _ stages: [StageWish], _ feeds: [StageFeed], customers: CustomerHazard?
    ) -> [ModelPart] {
        let data = files.map { file in
            file.domain.map { file.provenance.part.at($0) } ?? file.provenance.part
        }
        let own = zip(stages, feeds).map { parts(of: $0, $1, acting: customers) }
        guard config.hasSeveralVenues else { return data + own[0] }
        // What all stages say in the same words is said once.
        let common = own[0].filter { part in own.allSatisfy { $0.contains(part) } }
        return data + common
            + zip(stages, own).flatMap { stage, parts in
                parts.filter { !common.contains($0) }.map { $0.at(stage.domain) }
            }
    }

    private func parts(
        of wish: StageWish, _ feed: StageFeed, acting customers: CustomerHazard?
    ) -> [ModelPart] {
        func has(_ kind: ImportKind) -> Bool {
            files.contains {
                $0.provenance.kind == kind.rawValue && ($0.domain ?? wish.domain) == wish.domain
            }
        }
        let acts = customers == nil ? "nobody acts" : "customers act"
        let accounts =
            has(.positions)
            ? ModelPart(
                "accounts", .measured,
                "of the snapshot; \(acts), and debts grow as the scenario says")
            : ModelPart(
                "accounts", .assumed,
                "drawn by seed \(wish.scenario.seed): health evenly, worth evenly in powers "
                    + "of two, as the scenario says; \(acts), and debts grow as it says")
        let execution = ExecutionModel(
            latency: config.venue(of: wish.domain)?.dryLatency ?? config.dryRun.latency)
        return [accounts] + [customers?.part].compactMap { $0 }
            + [
                has(.rounds)
                    ? ModelPart("oracle", .measured, "the rounds that were imported")
                    : wish.oracle.part,
                ConditionsModel.part,
            ] + feed.depth.parts
            + execution.parts(hasHeights: true, gasIsMeasured: has(.gas))
    }
}
