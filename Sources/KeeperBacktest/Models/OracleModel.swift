package import KeeperModel

/// When an oracle that follows an exchange speaks: as soon as the price has left its last word by
/// so much, or that word is so old; and what it says is in force after a delay.
package struct OracleLaw: Hashable, Sendable {
    package let deviationPpm: UInt64
    package let heartbeat: TimeSpan
    package let delay: TimeSpan

    package init(deviationPpm: UInt64, heartbeat: TimeSpan, delay: TimeSpan) {
        self.deviationPpm = deviationPpm
        self.heartbeat = heartbeat
        self.delay = delay
    }

    /// What Chainlink publishes of ETH / USD on Ethereum: half a percent, an hour. The delay is two
    /// blocks: one to be seen, one to be included.
    package static let standard = OracleLaw(
        deviationPpm: 5_000, heartbeat: .seconds(3_600), delay: .seconds(24))

    package var part: ModelPart {
        ModelPart(
            "oracle", .assumed,
            "a round at \(deviationPpm) ppm of deviation or after \(heartbeat.milliseconds) ms, in "
                + "force \(delay.milliseconds) ms later")
    }
}

/// One asset's oracle.
package struct OracleModel: Hashable, Sendable {
    /// A price that is on its way, or in force.
    package struct Round: Hashable, Sendable {
        package let price: UInt64
        package let madeAt: Instant
        package let inForceAt: Instant
    }

    private let law: OracleLaw
    private var lastMade: Round?
    private var waiting: [Round] = []
    package private(set) var inForce: Round?
    private var isRecorded = false

    package init(_ law: OracleLaw) {
        self.law = law
    }

    /// An oracle whose own rounds were recorded: this one is in force, and more come from outside.
    package init(inForce price: UInt64, since madeAt: Instant) {
        law = .standard
        let round = Round(price: price, madeAt: madeAt, inForceAt: madeAt)
        (lastMade, inForce) = (round, round)
        isRecorded = true
    }

    /// When the next round comes into force.
    package var nextInForceAt: Instant? { waiting.first?.inForceAt }

    /// The exchange's price as it became known. The first one is in force at once: there was a
    /// round before history began.
    package mutating func see(_ price: UInt64, at now: Instant) {
        guard !isRecorded else { return }
        guard let last = lastMade else {
            let round = Round(price: price, madeAt: now, inForceAt: now)
            (lastMade, inForce) = (round, round)
            return
        }
        guard isWorthARound(price, after: last, at: now) else { return }
        let round = Round(price: price, madeAt: now, inForceAt: now + law.delay)
        lastMade = round
        waiting.append(round)
    }

    /// Brings into force what is due. True where that changed anything.
    package mutating func advance(to now: Instant) -> Bool {
        let due = waiting.prefix { $0.inForceAt <= now }
        guard let newest = due.last else { return false }
        inForce = newest
        waiting.removeFirst(due.count)
        return true
    }

    private func isWorthARound(_ price: UInt64, after last: Round, at now: Instant) -> Bool {
        if now - last.madeAt >= law.heartbeat { return true }
        let move = price > last.price ? price - last.price : last.price - price
        let scaled = move.multipliedFullWidth(by: 1_000_000)
        let bound = last.price.multipliedFullWidth(by: law.deviationPpm)
        return (scaled.high, scaled.low) >= (bound.high, bound.low)
    }
}
