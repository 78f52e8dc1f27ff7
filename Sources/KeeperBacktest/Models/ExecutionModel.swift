package import KeeperModel
package import WideMath

/// How long a call takes from the decision to its settling, and what it costs.
package struct ExecutionModel: Hashable, Sendable {
    /// Between decision and sending, in calm.
    package let latency: TimeSpan
    /// What one close burns.
    package let gasPerClose: UInt64

    /// The median of what seven liquidation calls burnt in eight whole mainnet blocks.
    package static let borrowedGasPerClose: UInt64 = 579_941
    /// The 60th percentile of gas prices in the first six hours of 2021-06-21, in wei.
    package static let borrowedGasPriceWei: UInt64 = 16_300_000_000

    static let latencySharePpm: UInt64 = 250_000
    static let gasSharePpm: UInt64 = 1_000_000
    static let depthSharePpm: UInt64 = 500_000

    package init(latency: TimeSpan, gasPerClose: UInt64 = borrowedGasPerClose) {
        self.latency = latency
        self.gasPerClose = gasPerClose
    }

    /// From now on: half to one and a half times the latency, then the next height, or a later one
    /// where blocks are full. The law is the same for us and for every rival.
    package func delay(
        from now: Instant, under board: ConditionsBoard, using generator: inout SeededGenerator
    ) -> TimeSpan {
        let base = UInt64(clamping: latency.nanoseconds)
        let grown = board.now.grown(base, followingPpm: Self.latencySharePpm)
        let drawn = generator.number(in: grown / 2...max(grown / 2, grown + grown / 2))
        let sent = TimeSpan(nanoseconds: Int64(clamping: drawn))
        guard board.heightSpan > .zero else { return sent }
        return sent + wait(from: now + sent, under: board, using: &generator)
    }

    /// Until the height that takes the call in. A full block is passed over: one in five in calm,
    /// more under stress.
    private func wait(
        from sentAt: Instant, under board: ConditionsBoard, using generator: inout SeededGenerator
    ) -> TimeSpan {
        let span = board.heightSpan.nanoseconds
        let since = (sentAt - board.lastHeightAt).nanoseconds % span
        var heights: Int64 = 0
        let missPpm = 1_000_000 - board.now.shrunk(800_000, followingPpm: Self.latencySharePpm)
        while heights < Self.heightsMissedMax, generator.chance(ppm: missPpm) { heights += 1 }
        // What orders calls within a block is when they arrived.
        let place = Int64(generator.number(in: 0...999))
        return TimeSpan(nanoseconds: span - since + heights * span + place)
    }

    private static let heightsMissedMax: Int64 = 20

    /// In units of account; a call that fails pays the same.
    package func gasUnits(under board: ConditionsBoard, closes: UInt64) -> Int256 {
        Int256(exactly: board.units(ofGas: gasPerClose).saturatingMultiply(closes)) ?? .max
    }

    package func parts(hasHeights: Bool, gasIsMeasured: Bool) -> [ModelPart] {
        let latency = ModelPart(
            "latency", .assumed,
            "\(latency.milliseconds) ms, times 0.5 to 1.5, and a quarter of what stress adds")
        guard hasHeights else { return [latency] }
        return [
            latency,
            ModelPart(
                "inclusion", .assumed,
                "the next height; one in five is passed over in calm, more under stress"),
            ModelPart(
                "gas", gasIsMeasured ? .measured : .borrowed(from: "2021-06-21 and 2021-05-19"),
                gasIsMeasured
                    ? "the last price of the recording, before its first that of 2021-06-21; "
                        + "\(gasPerClose) for each close, won or not; plans see it with the prices"
                    : "\(Self.borrowedGasPriceWei / 1_000_000) mgwei in calm, times the "
                        + "stress, \(gasPerClose) for each close, won or not; plans see it with "
                        + "the prices"
            ),
        ]
    }
}
