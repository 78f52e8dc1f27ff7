package import KeeperEngine
package import KeeperFeeds
package import KeeperModel

/// The engine as a recording leaves it, or as it was at a height of it.
package struct ReplayedEngine {
    package private(set) var engine: Engine
    package private(set) var lastEvent: Event?

    /// Everything that was heard up to this height, and with nil everything there is.
    package init(
        _ reader: RecordingReader, path: String, settings: EngineSettings, height: UInt64?
    ) throws(KeeperStop) {
        engine = Engine(settings: settings)
        var source = EventSource(reader, path: path)
        while let event = try source.next() {
            if let height, event.height > height { break }
            try engine.adoptSettings(of: event)
            _ = engine.handleWhole(event)
            lastEvent = event
        }
    }

    package func explain(_ account: AccountID) -> [Explanation] {
        lastEvent.map { engine.explain(account, at: $0.receivedAt) } ?? []
    }
}
