package import KeeperCodec
package import KeeperModel

/// One thing that was recorded, with the two times that matter: when it happened, and from when
/// anybody here could know it.
package struct RecordingRow: Hashable, Sendable {
    package let kind: RowKind
    /// What is not yet available is not seen by a replay.
    package let availableAt: Instant
    package let eventAt: Instant
    package let sequence: UInt64
    /// A JSON text.
    package let payload: [UInt8]

    package init(
        kind: RowKind, availableAt: Instant, eventAt: Instant, sequence: UInt64, payload: [UInt8]
    ) {
        self.kind = kind
        self.availableAt = availableAt
        self.eventAt = eventAt
        self.sequence = sequence
        self.payload = payload
    }

    package init(_ event: Event, eventAt: Instant) {
        self.init(
            kind: .event, availableAt: event.receivedAt, eventAt: eventAt,
            sequence: event.sequence, payload: event.jsonBytes)
    }

    package init(_ exchange: RawExchange, availableAt: Instant, eventAt: Instant, sequence: UInt64)
    {
        self.init(
            kind: .exchange, availableAt: availableAt, eventAt: eventAt, sequence: sequence,
            payload: exchange.jsonBytes)
    }

    /// The events bring a fresh engine to its state after the event of this sequence.
    package init(checkpoint events: [Event], after sequence: UInt64, at instant: Instant) {
        self.init(
            kind: .checkpoint, availableAt: instant, eventAt: instant, sequence: sequence,
            payload: events.jsonBytes)
    }

    static let fixedByteCount = 28

    func encode(to bytes: inout [UInt8]) {
        bytes.appendLittleEndian(availableAt.nanoseconds)
        bytes.appendLittleEndian(eventAt.nanoseconds)
        bytes.appendLittleEndian(sequence)
        bytes.appendLittleEndian(UInt32(payload.count))
        bytes.append(contentsOf: payload)
    }
}

/// A request and its end, as the transport saw it. Request headers are left out: they carry
/// signatures and keys.
package struct RawExchange: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case reply(status: UInt16, body: [UInt8])
        /// No whole reply: reset, timeout, refused connection.
        case failure(reason: String)
    }

    package let method: String
    package let path: String
    package let result: Result

    package init(method: String, path: String, result: Result) {
        self.method = method
        self.path = path
        self.result = result
    }
}

extension RawExchange: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let method = try object.freeText("method")
        let path = try object.freeText("path")
        if let failure = object.optional("failure") {
            self.init(method: method, path: path, result: .failure(reason: try failure.freeText))
        } else {
            let status: UInt16 = try object.integer("status")
            let body = try Self.body(&object)
            self.init(method: method, path: path, result: .reply(status: status, body: body))
        }
        try object.finish()
    }

    private static func body(_ object: inout ObjectReader) throws(JSONReadError) -> [UInt8] {
        if let text = object.optional("body") { return Array(try text.freeText.utf8) }
        let encoded = try object.required("bodyBase64")
        do {
            return try Base64.decode(try encoded.freeText)
        } catch let error as JSONReadError {
            throw error
        } catch {
            throw encoded.refused("Base64")
        }
    }

    /// A body that is text stays readable as text; anything else goes in Base64.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("method", method)
        json.member("path", path)
        switch result {
        case .reply(let status, let body):
            json.member("status", UInt64(status))
            if let text = String(validating: body, as: UTF8.self) {
                json.member("body", text)
            } else {
                json.member("bodyBase64", Base64.encode(body))
            }
        case .failure(let reason): json.member("failure", reason)
        }
        json.endObject()
    }
}

extension RecordingRow {
    /// The event of an event row.
    package func event() throws(JSONFormError) -> Event {
        precondition(kind == .event, "an event stands in an event row")
        return try Event(jsonBytes: payload)
    }

    package func exchange() throws(JSONFormError) -> RawExchange {
        precondition(kind == .exchange, "an exchange stands in an exchange row")
        return try RawExchange(jsonBytes: payload)
    }

    package func checkpointEvents() throws(JSONFormError) -> [Event] {
        precondition(kind == .checkpoint, "a checkpoint stands in a checkpoint row")
        return try [Event](jsonBytes: payload)
    }
}
