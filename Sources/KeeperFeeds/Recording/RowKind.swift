/// What a row holds. Rows of one kind stand in their own frames, in the order of their sequence.
package enum RowKind: UInt8, Hashable, Sendable, CaseIterable {
    /// A request and what came back, before anybody read it: the truth of the recording.
    case exchange = 1
    /// An event as the inbox ordered it: a cache of what reading the exchanges gave.
    case event = 2
    /// The engine of a run as it was after the event of this sequence.
    case checkpoint = 3

    package var name: String {
        switch self {
        case .exchange: "exchange"
        case .event: "event"
        case .checkpoint: "checkpoint"
        }
    }
}

/// How much is taken from a file that somebody else may have made.
package struct RecordingLimits: Hashable, Sendable {
    package var headerByteCountMax: Int
    /// Of one frame, inflated.
    package var frameByteCountMax: Int

    package init(headerByteCountMax: Int, frameByteCountMax: Int) {
        precondition((1...(1 << 30)).contains(headerByteCountMax))
        precondition((1...(1 << 30)).contains(frameByteCountMax))
        self.headerByteCountMax = headerByteCountMax
        self.frameByteCountMax = frameByteCountMax
    }

    package static let standard = RecordingLimits(
        headerByteCountMax: 16 << 20, frameByteCountMax: 64 << 20)
}
