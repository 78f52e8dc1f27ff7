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

    /// An engine as it was after the event of this sequence. What is in the text is for whoever
    /// knows engines.
    package init(checkpoint text: [UInt8], after sequence: UInt64, at instant: Instant) {
        self.init(
            kind: .checkpoint, availableAt: instant, eventAt: instant, sequence: sequence,
            payload: text)
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

extension RecordingRow {
    /// The event of an event row.
    package func event() throws(JSONFormError) -> Event {
        precondition(kind == .event, "an event stands in an event row")
        if let event = PriceEventText.event(in: payload) { return event }
        return try Event(jsonBytes: payload)
    }

    package func exchange() throws(JSONFormError) -> RawExchange {
        precondition(kind == .exchange, "an exchange stands in an exchange row")
        return try RawExchange(jsonBytes: payload)
    }
}
