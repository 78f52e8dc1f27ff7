package import KeeperCodec
package import KeeperModel

/// A text that a recording depends on, with its SHA-256.
package struct PinnedText: Hashable, Sendable {
    package let name: String
    package let text: String
    package let sha256: [UInt8]

    package init(name: String, text: String) {
        self.name = name
        self.text = text
        sha256 = SHA256.hash(Array(text.utf8))
    }

    fileprivate init(name: String, text: String, sha256: [UInt8]) {
        self.name = name
        self.text = text
        self.sha256 = sha256
    }

    fileprivate var isIntact: Bool { SHA256.hash(Array(text.utf8)) == sha256 }
}

/// What a recording was made with: enough to run it again exactly.
package struct RecordingHeader: Hashable, Sendable {
    package let createdAt: Instant
    /// The program and version that wrote it.
    package let build: String
    /// The form of event rows, `EventSchema.current` when it was written.
    package let eventSchema: String
    package let domains: [DomainID]
    package let config: PinnedText
    package let strategies: [PinnedText]
    /// Venue policies and protocol parameters in force.
    package let protocolParameters: [PinnedText]

    package init(
        createdAt: Instant, build: String, eventSchema: String = EventSchema.current,
        domains: [DomainID], config: PinnedText, strategies: [PinnedText],
        protocolParameters: [PinnedText]
    ) {
        self.createdAt = createdAt
        self.build = build
        self.eventSchema = eventSchema
        self.domains = domains
        self.config = config
        self.strategies = strategies
        self.protocolParameters = protocolParameters
    }

    /// What a run pins beside configuration and strategies: the beginning of its client ids.
    package static let keyPrefixName = "key-prefix"

    /// Of a run, whose answers are in it too; not of feeds alone.
    package var isOfRun: Bool { protocolParameters.contains { $0.name == Self.keyPrefixName } }

    /// Its beginning was cut away: it opens with what feeds had said, and a checkpoint.
    package var isPartOfRun: Bool {
        isOfRun && protocolParameters.contains { $0.name == RecordingTrim.pinName }
    }

    /// Of a copy that was made of recordings by hand: everything as it was, and how it was made.
    package func adding(_ pin: PinnedText) -> RecordingHeader {
        RecordingHeader(
            createdAt: createdAt, build: build, eventSchema: eventSchema, domains: domains,
            config: config, strategies: strategies,
            protocolParameters: protocolParameters + [pin])
    }

    /// The first pinned text that is not what its hash says.
    var brokenPin: String? {
        ([config] + strategies + protocolParameters).first { !$0.isIntact }?.name
    }
}

extension RecordingHeader: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            createdAt: try object.value("createdAt"), build: try object.freeText("build"),
            eventSchema: try object.string("eventSchema"), domains: try object.value("domains"),
            config: try object.value("config"), strategies: try object.value("strategies"),
            protocolParameters: try object.value("protocolParameters"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("createdAt", createdAt)
        json.member("build", build)
        json.member("eventSchema", eventSchema)
        json.member("domains", domains)
        json.member("config", config)
        json.member("strategies", strategies)
        json.member("protocolParameters", protocolParameters)
        json.endObject()
    }
}

extension PinnedText: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            name: try object.freeText("name"), text: try object.freeText("text"),
            sha256: try object.required("sha256").bytes(count: SHA256.digestByteCount))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        json.member("text", text)
        json.key("sha256")
        json.hex(sha256)
        json.endObject()
    }
}
