package import KeeperFeeds
package import KeeperModel
package import KeeperRuntime

/// What the venues of recorded runs said: one recording of all of them, or one of each.
package struct RecordedFeed {
    /// One alone needs no merging.
    private var only: EventSource?
    private var merge: HistoryMerge?
    /// Of a keeper that was recorded beside its venues.
    private var own = OwnCloses()

    package init(_ source: EventSource) {
        only = source
    }

    package init(_ sources: [EventSource]) throws(KeeperStop) {
        precondition(!sources.isEmpty, "Somebody was recorded")
        if sources.count == 1 {
            only = sources[0]
        } else {
            merge = try HistoryMerge(sources)
        }
    }

    /// Instead of what was known to be left out so far.
    mutating func leaveOut(_ own: OwnCloses) {
        self.own = own
    }

    package mutating func next() throws(KeeperStop) -> Event? {
        guard let event = try nextRead() else { return nil }
        return own.isEmpty ? event : own.taken(from: event)
    }

    private mutating func nextRead() throws(KeeperStop) -> Event? {
        if only != nil { return try only?.next() }
        return try merge?.next()
    }
}

/// A recording as it was opened.
package typealias OpenRecording = (path: String, reader: RecordingReader)

extension RecordedFeed {
    /// Refuses recordings that are not those of the configuration's venues, each once: an engine
    /// that hears of a venue without funds, or waits for one that never speaks, shows nothing. What
    /// the recorded keeper closed itself is taken out.
    package static func open(
        _ recordings: [OpenRecording], _ config: Config
    ) throws(KeeperStop) -> RecordedFeed {
        try requireVenues(of: recordings, config)
        var feed = try RecordedFeed(recordings.map { EventSource($0.reader, path: $0.path) })
        var own = OwnCloses()
        for (path, reader) in recordings where reader.header.isOfRun {
            var source = EventSource(reader, path: path)
            while let event = try source.next(withText: OwnCloses.mayBeNoted) { own.note(event) }
        }
        feed.leaveOut(own)
        return feed
    }

    private static func requireVenues(
        of recordings: [OpenRecording], _ config: Config
    ) throws(KeeperStop) {
        var places: [DomainID: String] = [:]
        for (path, reader) in recordings {
            for domain in reader.header.domains {
                guard config.venue(of: domain) != nil else {
                    throw KeeperStop(
                        .recording,
                        "\(path): is of '\(domain)', and the configuration names "
                            + "\(config.venueNames); give it a configuration that names it")
                }
                if let other = places.updateValue(path, forKey: domain) {
                    throw KeeperStop(
                        .recording,
                        "\(path): is of '\(domain)', and so is \(other); "
                            + "'bailiff recordings merge' makes one of several recorders' files")
                }
            }
        }
        guard let silent = config.venues.first(where: { places[$0.domain] == nil }) else { return }
        throw KeeperStop(
            .recording,
            "no recording is of '\(silent.domain)', which the configuration names; add one, or "
                + "take a configuration without it")
    }
}
