package import KeeperModel
package import WideMath

/// When sources of one asset are believed.
package struct BlendRule: Hashable, Sendable {
    /// So many sources have to be fresh and to agree.
    package let quorum: Int
    /// What is older does not count.
    package let ageMax: TimeSpan
    /// A source further from the median than this is left out.
    package let deviationMaxPpm: UInt64
    /// A price less certain than this is refused; nil takes all.
    package let halfWidthMaxPpm: UInt64?
    package let average: AverageRule?

    package init(
        quorum: Int, ageMax: TimeSpan, deviationMaxPpm: UInt64, halfWidthMaxPpm: UInt64? = nil,
        average: AverageRule? = nil
    ) {
        precondition(quorum >= 1, "A price of no source is invented")
        self.quorum = quorum
        self.ageMax = ageMax
        self.deviationMaxPpm = deviationMaxPpm
        self.halfWidthMaxPpm = halfWidthMaxPpm
        self.average = average
    }
}

/// A price that runs away from its own average is held.
package struct AverageRule: Hashable, Sendable {
    package let window: TimeSpan
    package let deviationMaxPpm: UInt64

    package init(window: TimeSpan, deviationMaxPpm: UInt64) {
        self.window = window
        self.deviationMaxPpm = deviationMaxPpm
    }
}

/// What sources agree on.
package struct BlendedPrice: Hashable, Sendable {
    package let priceE30: UInt256
    /// Of the oldest source that it rests on: never younger than any of them.
    package let madeAt: Instant
    package let sourceCount: Int
}

/// Why there is no price now.
package enum BlendLoss: Hashable, Sendable {
    case tooFew(freshCount: Int, quorum: Int)
    /// Fresh, and too far from each other.
    case apart(agreeingCount: Int, quorum: Int)
    case awayFromAverage(ppm: UInt64)
    /// Worth none of the quote's smallest units, or more of them than a price can be.
    case outOfUnits
}

extension BlendLoss: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooFew(let fresh, let quorum): "\(fresh) fresh of \(quorum) that it takes"
        case .apart(let agreeing, let quorum): "\(agreeing) agree of \(quorum) that it takes"
        case .awayFromAverage(let ppm): "\(ppm) ppm from its average"
        case .outOfUnits: "cannot be said in the quote's units"
        }
    }
}

/// Several sources of one asset as one price: the median of those that are fresh and agree.
///
/// Where too few do, the last price stays as it was, with its age: it is held, never made anew.
/// Nothing here reads a clock, and the order of sources decides nothing.
package struct PriceBlend: Sendable {
    private struct Seen {
        let observed: ObservedPrice
        /// As the source says it: what the next one is held against.
        let saidAt: Instant
        /// Never later than it was received, however its clock goes.
        let madeAt: Instant
        let receivedAt: Instant
    }

    private let rule: BlendRule
    private var seen: [Seen?]
    private var average: TimeAverage?
    /// The newest price that a quorum stood behind.
    package private(set) var last: BlendedPrice?

    /// Clocks of machines differ by less.
    static let skewMax = TimeSpan.seconds(5)

    package init(sourceCount: Int, rule: BlendRule) {
        precondition(sourceCount >= rule.quorum, "A quorum can be reached")
        self.rule = rule
        seen = Array(repeating: nil, count: sourceCount)
        average = rule.average.map {
            TimeAverage(window: $0.window, standsAtMost: rule.ageMax)
        }
    }

    /// Keeps what a source said, or says why it is not kept. A price that comes again is as old as
    /// it was.
    package mutating func take(
        _ observed: ObservedPrice, from source: Int, at now: Instant
    ) throws(PriceRefusal) {
        let saidAt = observed.madeAt ?? now
        guard saidAt - now < Self.skewMax else {
            throw PriceRefusal(.fromTheFuture, "made \((saidAt - now).milliseconds) ms from now")
        }
        if let known = seen[source], saidAt < known.saidAt {
            throw PriceRefusal(
                .wentBack, "made \((known.saidAt - saidAt).milliseconds) ms before the last one")
        }
        if let most = rule.halfWidthMaxPpm, let width = observed.halfWidthE30 {
            let ppm = Self.sharePpm(width, of: observed.priceE30)
            guard ppm <= most else {
                throw PriceRefusal(.tooWide, "\(ppm) ppm to each side, limit \(most) ppm")
            }
        }
        seen[source] = Seen(
            observed: observed, saidAt: saidAt, madeAt: min(saidAt, now), receivedAt: now)
    }

    /// The price now, or why there is none. A price that is good becomes part of the average.
    package mutating func blend(at now: Instant) -> Result<BlendedPrice, BlendLoss> {
        let blended: BlendedPrice
        switch agreed(at: now) {
        case .success(let price): blended = price
        case .failure(let loss): return .failure(loss)
        }
        // The average goes on whatever it says, or it could never agree with a new level again.
        let usual = average?.value(at: now)
        average?.add(blended.priceE30, at: now)
        if let usual, let most = rule.average?.deviationMaxPpm {
            let ppm = Self.sharePpm(Self.distance(blended.priceE30, usual), of: usual)
            guard ppm <= most else { return .failure(.awayFromAverage(ppm: ppm)) }
        }
        last = blended
        return .success(blended)
    }

    /// What the price was on average, where it is averaged and there is enough to average.
    package func averageE30(at now: Instant) -> UInt256? { average?.value(at: now) }

    /// How many sources are young enough to count.
    package func freshCount(at now: Instant) -> Int { fresh(at: now).count }

    private func agreed(at now: Instant) -> Result<BlendedPrice, BlendLoss> {
        let fresh = fresh(at: now)
        guard fresh.count >= rule.quorum else {
            return .failure(.tooFew(freshCount: fresh.count, quorum: rule.quorum))
        }
        let middle = Self.median(fresh.map(\.observed.priceE30))
        let near = fresh.filter {
            Self.sharePpm(Self.distance($0.observed.priceE30, middle), of: middle)
                <= rule.deviationMaxPpm
        }
        guard near.count >= rule.quorum, let oldest = near.map(\.madeAt).min() else {
            return .failure(.apart(agreeingCount: near.count, quorum: rule.quorum))
        }
        return .success(
            BlendedPrice(
                priceE30: Self.median(near.map(\.observed.priceE30)), madeAt: oldest,
                sourceCount: near.count))
    }

    private func fresh(at now: Instant) -> [Seen] {
        seen.compactMap { $0 }.filter {
            now - $0.madeAt <= rule.ageMax && now - $0.receivedAt <= rule.ageMax
        }
    }

    // MARK: Arithmetic

    /// Between two in the middle it is half way, rounded down.
    static func median(_ prices: [UInt256]) -> UInt256 {
        let sorted = prices.sorted()
        let half = sorted.count / 2
        guard sorted.count.isMultiple(of: 2) else { return sorted[half] }
        // Both are below 2^160.
        return (sorted[half - 1] + sorted[half]) / UInt256(2)
    }

    static func distance(_ left: UInt256, _ right: UInt256) -> UInt256 {
        left > right ? left - right : right - left
    }

    /// Rounded up: what is a little too far is too far.
    static func sharePpm(_ part: UInt256, of whole: UInt256) -> UInt64 {
        // Of nothing, and more than can be counted, is far enough.
        let share = try? mulDiv(part, UInt256(1_000_000), dividingBy: whole, rounding: .up)
        return share?.asUInt64 ?? .max
    }
}

extension BlendLoss: Error {}
