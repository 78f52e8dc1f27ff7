import KeeperCodec
package import KeeperEngine
package import KeeperFeeds
package import KeeperModel

/// An engine in a recording, so that a replay can begin there: what it knew, and the settings that
/// were adopted since the start, where there were any.
package struct RecordedCheckpoint {
    package let engine: Engine
    /// The event that it was made after.
    package let sequence: UInt64
    package let at: Instant
    package let adopted: SettingsTexts?

    /// A change of it is a new one: old recordings name the form that theirs are in.
    package static let schema = "bailiff-checkpoint/1"

    /// Nil while a set of accounts is half in.
    package static func row(
        _ engine: Engine, adopted: SettingsTexts?, after event: Event
    ) -> RecordingRow? {
        guard engine.isBetweenSets else { return nil }
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", schema)
        if let adopted { json.member("settings", adopted) }
        json.key("engine")
        engine.writeCheckpoint(to: &json)
        json.endObject()
        return RecordingRow(
            checkpoint: json.finish(), after: event.sequence, at: event.receivedAt)
    }

    /// The settings are those that the recording began with.
    package init(
        _ row: RecordingRow, settings: EngineSettings, path: String
    ) throws(KeeperStop) {
        precondition(row.kind == .checkpoint, "a checkpoint stands in a checkpoint row")
        let place = "\(path): checkpoint \(row.sequence)"
        var engine: Engine
        do {
            let value = try JSONValue.parse(
                row.payload,
                limits: JSONLimits(
                    byteCountMax: RecordingLimits.standard.frameByteCountMax,
                    depthMax: JSONLimits.standard.depthMax))
            var object = try JSONReader(value).object()
            let schema = try object.required("schema")
            guard try schema.string == Self.schema else { throw schema.refused(Self.schema) }
            adopted = try object.valueIfPresent("settings")
            engine = try Engine(settings: settings, checkpoint: try object.required("engine"))
            try object.finish()
        } catch {
            throw KeeperStop(.recording, "\(place) cannot be read: \(error)")
        }
        if let adopted {
            do {
                let workplace = try Workplace(adopted, named: place)
                engine.adopt(workplace.settings(keyPrefix: settings.keyPrefix))
            } catch {
                throw KeeperStop(.recording, "\(error)")
            }
        }
        self.engine = engine
        sequence = row.sequence
        at = row.availableAt
    }
}

/// Where a replay begins, and what it goes through.
package struct ReplayStart {
    package let engine: Engine
    package var source: EventSource
    package let adopted: SettingsTexts?
    /// Nil where it begins with nothing.
    package let checkpointAt: Instant?

    /// At the last checkpoint before the instant; without one, or with nil, at the beginning. The
    /// beginning of a part that was cut from a run is its first checkpoint: what is in front of it
    /// only says what feeds had said.
    package init(
        _ reader: RecordingReader, path: String, settings: EngineSettings, before instant: Instant?
    ) throws(KeeperStop) {
        let row: RecordingRow?
        do {
            let first = reader.header.isPartOfRun ? try reader.firstCheckpoint() : nil
            row =
                try instant.map { (instant) throws(RecordingError) in
                    try reader.checkpoint(before: instant) ?? first
                } ?? first
        } catch {
            throw KeeperStop(.recording, "\(path): \(error)")
        }
        guard let row else {
            engine = Engine(settings: settings)
            source = EventSource(reader, path: path)
            (adopted, checkpointAt) = (nil, nil)
            return
        }
        let checkpoint = try RecordedCheckpoint(row, settings: settings, path: path)
        engine = checkpoint.engine
        source = EventSource(reader, path: path, after: checkpoint.sequence)
        (adopted, checkpointAt) = (checkpoint.adopted, checkpoint.at)
    }
}
