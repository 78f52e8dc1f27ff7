import KeeperModel
import KeeperRuntime
import WideMath

/// What became of closes that were sent, as events tell it, by the venue that answered.
final class OutcomeSamples: EventSink {
    private var samples: [DomainID: OutcomeSample] = [:]
    /// A venue may be told of by an event that is about all of them.
    private var durableAt: [ClientID: Instant] = [:]

    func sample(at domain: DomainID) -> OutcomeSample { samples[domain] ?? OutcomeSample() }

    func append(_ event: Event) throws(KeeperStop) {
        switch event.body {
        case .intentDurable(let clientID): durableAt[clientID] = event.receivedAt
        case .closeAnswered(let clientID, let answer):
            guard let durable = durableAt[clientID],
                samples[event.domain, default: OutcomeSample()]
                    .take(answer, sentAt: durable, at: event.receivedAt)
            else { return }
            durableAt[clientID] = nil
        default: break
        }
    }
}

/// What became of the closes at one venue: recorded ones and those of a simulator alike, so that
/// the two can be held against each other.
package struct OutcomeSample: Hashable, Sendable {
    package private(set) var wonCount = 0
    package private(set) var lostCount = 0
    /// From durable, which is when bytes may leave, until it was known what became of them, in
    /// microseconds.
    package private(set) var delays: [Int64] = []
    /// What a chain took for each call, in units of account.
    package private(set) var gasUnits: [Int64] = []
    /// What sales fetched above what the venue's own price promised, in ppm of it; negative where
    /// they fetched less.
    package private(set) var exitsPpm: [Int64] = []

    /// Only what is final counts, and every close once. What nobody knows says nothing. False for
    /// what is not final.
    mutating func take(_ answer: CloseAnswer, sentAt: Instant, at instant: Instant) -> Bool {
        let receipt: CloseReceipt?
        let isWon: Bool
        switch answer {
        case .settled(let settled): (receipt, isWon) = (settled, true)
        case .refused: (receipt, isWon) = (nil, false)
        case .included(let inclusion, isFinal: true):
            (receipt, isWon) = (inclusion.receipt, inclusion.result == .settled)
        case .included(_, isFinal: false), .unknown, .notFound, .voided, .accepted: return false
        }
        if isWon { wonCount += 1 } else { lostCount += 1 }
        delays.append((instant - sentAt).nanoseconds / 1_000)
        if let receipt { take(receipt) }
        return true
    }

    private mutating func take(_ receipt: CloseReceipt) {
        func sum(_ cause: MovementCause) -> Int256 {
            receipt.movements.reduce(.zero) { $0 + ($1.cause == cause ? $1.valueUnits : .zero) }
        }
        let gas = sum(.gas)
        if !gas.isZero, let units = (-gas).asInt64 { gasUnits.append(units) }
        let (sold, fetched) = (-sum(.exitSold), sum(.exitProceeds))
        guard sold > .zero else { return }
        let gain = (fetched - sold) * Int256(1_000_000)
        if let ppm = gain.quotient(dividingBy: sold, rounding: .down).asInt64 {
            exitsPpm.append(ppm)
        }
    }
}
