package import KeeperModel
package import KeeperRuntime
import WideMath

/// What became of closes that were sent, as events tell it: recorded ones and those of a simulator
/// alike, so that the two can be held against each other.
package final class OutcomeSample: EventSink {
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
    private var durableAt: [ClientID: Instant] = [:]

    package init() {}

    package func append(_ event: Event) throws(KeeperStop) {
        switch event.body {
        case .intentDurable(let clientID): durableAt[clientID] = event.receivedAt
        case .closeAnswered(let clientID, let answer):
            take(answer, of: clientID, at: event.receivedAt)
        default: break
        }
    }

    /// Only what is final counts, and every close once. What nobody knows says nothing.
    private func take(_ answer: CloseAnswer, of clientID: ClientID, at instant: Instant) {
        let receipt: CloseReceipt?
        let isWon: Bool
        switch answer {
        case .settled(let settled): (receipt, isWon) = (settled, true)
        case .refused: (receipt, isWon) = (nil, false)
        case .included(let inclusion, isFinal: true):
            (receipt, isWon) = (inclusion.receipt, inclusion.result == .settled)
        case .included(_, isFinal: false), .unknown, .notFound, .voided, .accepted: return
        }
        guard let durable = durableAt.removeValue(forKey: clientID) else { return }
        if isWon { wonCount += 1 } else { lostCount += 1 }
        delays.append((instant - durable).nanoseconds / 1_000)
        if let receipt { take(receipt) }
    }

    private func take(_ receipt: CloseReceipt) {
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
