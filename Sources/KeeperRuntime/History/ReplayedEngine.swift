package import KeeperEngine
package import KeeperFeeds
package import KeeperModel

/// The engine as a recording leaves it, or as it was at a moment of it.
package struct ReplayedEngine {
    /// How far it is replayed.
    package enum End: Sendable {
        case whole
        /// Everything that was heard up to this height.
        case height(UInt64)
        /// Everything that had been heard by then.
        case instant(Instant)
        case before(Instant)

        fileprivate func hasPassed(_ event: Event) -> Bool {
            switch self {
            case .whole: false
            case .height(let height): event.height > height
            case .instant(let instant): event.receivedAt > instant
            case .before(let instant): event.receivedAt >= instant
            }
        }

        /// A checkpoint before it is as good as all that came before that.
        fileprivate var instant: Instant? {
            switch self {
            case .whole, .height: nil
            case .instant(let instant), .before(let instant): instant
            }
        }
    }

    package private(set) var engine: Engine
    package private(set) var lastEvent: Event?
    private var adopted: SettingsTexts?
    private var at: Instant?

    package init(
        _ reader: RecordingReader, path: String, settings: EngineSettings, until end: End
    ) throws(KeeperStop) {
        var start = try ReplayStart(reader, path: path, settings: settings, before: end.instant)
        engine = start.engine
        adopted = start.adopted
        at = start.checkpointAt
        while let event = try start.source.next(), !end.hasPassed(event) {
            try engine.adoptSettings(of: event)
            if case .settingsAdopted(let texts) = event.body { adopted = texts }
            _ = engine.handleWhole(event)
            lastEvent = event
            at = event.receivedAt
        }
    }

    package func explain(_ account: AccountID) -> [Explanation] {
        at.map { engine.explain(account, at: $0) } ?? []
    }

    package var hasHeardAny: Bool { at != nil }

    /// Nil before the first event, and while a set of accounts is half in.
    package var checkpoint: RecordingRow? {
        lastEvent.flatMap { RecordedCheckpoint.row(engine, adopted: adopted, after: $0) }
    }
}
