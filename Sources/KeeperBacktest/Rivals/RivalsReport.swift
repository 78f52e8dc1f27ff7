package import KeeperCodec
import KeeperEngine
package import KeeperModel
package import KeeperRuntime
package import WideMath

/// Who closes what: each keeper that closes were seen of, with its share, how long after an account
/// could first be closed, and what it goes for. Changes nothing of what it watches.
package final class RivalsReport: DecisionSink, EventSink {
    package struct Close: Hashable, Sendable {
        package let keeper: String
        package let target: Target
        package let at: Instant
        /// Since the account crossed its line; nil where nobody saw it cross.
        package let delay: TimeSpan?
        package let valueUnits: Int256
        /// What was paid, in the unit of account at the venue's own price; nil where that, or a
        /// price of it, is not known.
        package let sizeUnits: UInt256?
    }

    /// How closes of our own are called here.
    package static let us = "us"
    /// What is called so by whoever recorded it has no name.
    package static let unknown = "unknown"

    package private(set) var closes: [Close] = []
    private var places: [DomainID: Place] = [:]
    /// Of those who may be closed now, or were closed and have not been heard of since.
    private var eligibleSince: [Target: Instant] = [:]
    private var targets: [ClientID: Target] = [:]

    private struct Place {
        var description: VenueDescription?
        var prices: [AssetID: UInt256] = [:]
    }

    package init() {}

    package func append(_ decision: Decision) throws(KeeperStop) {
        switch decision.verdict {
        case .eligible: eligibleSince[decision.target] = decision.decidedAt
        case .recovered: eligibleSince[decision.target] = nil
        case .proposed(let clientID): targets[clientID] = decision.target
        default: break
        }
    }

    package func append(_ event: Event) throws(KeeperStop) {
        switch event.body {
        case .venueDescribed(let new): places[event.domain, default: Place()].description = new
        case .pricesPublished(let updates):
            for update in updates where update.kind == .eligible {
                places[event.domain, default: Place()].prices[update.asset] = update.price
            }
        case .closesObserved(let observed):
            for close in observed { note(close, at: event.receivedAt) }
        case .closeAnswered(let clientID, .settled(let receipt)):
            guard let target = targets.removeValue(forKey: clientID) else { return }
            note(
                ownClose(receipt, of: target), at: event.receivedAt)
        default: break
        }
    }

    private func ownClose(_ receipt: CloseReceipt, of target: Target) -> ObservedClose {
        let paid = receipt.movements.first { $0.cause == .repaid }
        return ObservedClose(
            target: target, keeper: Self.us, height: receipt.height,
            paid: paid.map { AssetAmount(asset: $0.asset, amount: $0.amount.magnitude) },
            taken: nil, valueUnits: receipt.movements.reduce(.zero) { $0 + $1.valueUnits })
    }

    private func note(_ close: ObservedClose, at instant: Instant) {
        closes.append(
            Close(
                keeper: close.keeper.isEmpty ? Self.unknown : close.keeper, target: close.target,
                at: instant, delay: eligibleSince[close.target].map { instant - $0 },
                valueUnits: close.valueUnits,
                sizeUnits: close.paid.flatMap { worth($0, at: close.target.domain) }))
    }

    private func worth(_ amount: AssetAmount, at domain: DomainID) -> UInt256? {
        guard let place = places[domain], let description = place.description else { return nil }
        if amount.asset == description.quote.asset { return amount.amount }
        guard let asset = description.assets.first(where: { $0.asset == amount.asset }),
            let price = place.prices[amount.asset],
            // What does not fit has no size that could be counted.
            let unit = try? UInt256.powerOfTen(Int(asset.decimals))
        else { return nil }
        // The same.
        return try? mulDiv(amount.amount, price, dividingBy: unit, rounding: .down)
    }
}

/// One keeper's closes together.
package struct RivalLine: Hashable, Sendable {
    package let keeper: String
    package let count: Int
    /// Of all closes, whoever made them.
    package let countPpm: Int64
    package let valueUnits: Int256
    /// Of the value of all; nil where nobody gained anything.
    package let valuePpm: Int256?
    /// Since the line was crossed, of those that were seen crossing.
    package let delays: Percentiles?
    /// In the unit of account; the middle one and the largest of those that are known.
    package let middleSizeUnits: UInt256?
    package let largestSizeUnits: UInt256?
    package let markets: [MarketLine]

    package struct MarketLine: Hashable, Sendable {
        package let market: MarketID
        package let count: Int
    }
}

extension RivalsReport {
    /// Of one venue, or of all there are.
    private func closes(at domain: DomainID?) -> [Close] {
        domain == nil ? closes : closes.filter { $0.target.domain == domain }
    }

    /// Who closed most first, among equals by name. Whoever is called the same at two venues may be
    /// two people, so each venue is by itself.
    package func lines(at domain: DomainID? = nil) -> [RivalLine] {
        let closes = closes(at: domain)
        let all = closes.reduce(Int256.zero) { $0 + $1.valueUnits }
        return Dictionary(grouping: closes, by: \.keeper).map { keeper, own in
            line(keeper, own, of: all, count: closes.count)
        }.sorted { $0.count != $1.count ? $0.count > $1.count : $0.keeper < $1.keeper }
    }

    private func line(
        _ keeper: String, _ own: [Close], of all: Int256, count: Int
    ) -> RivalLine {
        let value = own.reduce(Int256.zero) { $0 + $1.valueUnits }
        let sizes = own.compactMap(\.sizeUnits).sorted()
        let markets = Dictionary(grouping: own, by: \.target.market)
        let million = Int256(1_000_000)
        return RivalLine(
            keeper: keeper, count: own.count,
            countPpm: Int64(own.count) * 1_000_000 / Int64(max(1, count)),
            valueUnits: value,
            valuePpm: all > .zero
                ? (value * million).quotient(dividingBy: all, rounding: .down) : nil,
            delays: Percentiles(own.compactMap(\.delay)),
            middleSizeUnits: sizes.isEmpty ? nil : sizes[(sizes.count - 1) / 2],
            largestSizeUnits: sizes.last,
            markets: markets.keys.sorted().map {
                RivalLine.MarketLine(market: $0, count: markets[$0]?.count ?? 0)
            })
    }

    package func unnamedCount(at domain: DomainID? = nil) -> Int {
        closes(at: domain).count { $0.keeper == Self.unknown }
    }

    package func text(_ venues: [VenueUnit]) -> [String] {
        guard venues.count > 1 else { return text(nil, venues[0].unit) }
        return venues.flatMap { venue in
            ["at \(venue.domain), in \(venue.unit.asset)"] + text(venue.domain, venue.unit)
        }
    }

    private func text(_ domain: DomainID?, _ unit: AssetDescription) -> [String] {
        let money = MoneyText(unit)
        func size(_ units: UInt256?) -> String {
            units.flatMap { Int256(exactly: $0) }.map(money.number) ?? "-"
        }
        func share(_ ppm: Int256?) -> String {
            ppm.flatMap(\.asInt64).map { decimal(Double($0) / 10_000, places: 1) + " %" } ?? "-"
        }
        var rows = [
            [
                "keeper", "closes", "share", "worth", "share", "delay: half", "nine in ten",
                "known", "size: half", "largest", "markets",
            ]
        ]
        for line in lines(at: domain) {
            rows.append([
                line.keeper, "\(line.count)", share(Int256(line.countPpm)),
                money.number(line.valueUnits), share(line.valuePpm),
                line.delays.map { "\($0.p50.milliseconds) ms" } ?? "-",
                line.delays.map { "\($0.p90.milliseconds) ms" } ?? "-",
                "\(line.delays?.count ?? 0)", size(line.middleSizeUnits),
                size(line.largestSizeUnits),
                line.markets.map { "\($0.market) \($0.count)" }.joined(separator: ", "),
            ])
        }
        return columns(rows)
            + [
                "\(closes(at: domain).count) closes, of which \(unnamedCount(at: domain)) by "
                    + "somebody without a name"
            ]
    }

    package func write(_ venues: [VenueUnit], to json: inout JSONWriter) {
        guard venues.count > 1 else { return write(at: nil, to: &json) }
        json.key("venues")
        json.beginArray()
        for venue in venues {
            json.beginObject()
            json.member("venue", venue.domain.text)
            json.member("unit", venue.unit.asset.text)
            write(at: venue.domain, to: &json)
            json.endObject()
        }
        json.endArray()
    }

    private func write(at domain: DomainID?, to json: inout JSONWriter) {
        json.member("closes", UInt64(closes(at: domain).count))
        json.member("unnamed", UInt64(unnamedCount(at: domain)))
        json.key("keepers")
        json.beginArray()
        for line in lines(at: domain) { line.write(to: &json) }
        json.endArray()
    }

    /// The venues of a configuration, in its order, with what each said that it counts in.
    package func units(_ config: Config) -> [VenueUnit] {
        config.venues.map { venue in
            VenueUnit(
                domain: venue.domain,
                unit: config.hasSeveralVenues
                    ? places[venue.domain]?.description?.quote ?? config.unitOfAccount
                    : config.unitOfAccount)
        }
    }
}

extension RivalLine {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("keeper", keeper)
        json.member("closes", UInt64(count))
        json.member("sharePpm", countPpm)
        json.member("value", valueUnits)
        if let valuePpm { json.member("valuePpm", valuePpm) }
        if let delays {
            json.member("delaysKnown", UInt64(delays.count))
            json.member("delayHalfMilliseconds", delays.p50.milliseconds)
            json.member("delayNineInTenMilliseconds", delays.p90.milliseconds)
            json.member("delayLongestMilliseconds", delays.max.milliseconds)
        }
        if let middleSizeUnits { json.member("sizeHalf", middleSizeUnits) }
        if let largestSizeUnits { json.member("sizeLargest", largestSizeUnits) }
        json.key("markets")
        json.beginArray()
        for line in markets {
            json.beginObject()
            json.member("market", line.market.text)
            json.member("closes", UInt64(line.count))
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension RivalsReport {
    /// What was recorded, with an engine beside it that only watches: when accounts crossed is its
    /// word, who closed them is the feed's.
    package static func watched(
        _ source: BacktestPass.Source, _ workplace: Workplace
    ) throws(KeeperStop) -> RivalsReport {
        let report = RivalsReport()
        var engine = Engine(settings: workplace.settings(keyPrefix: Backtest.keyPrefix))
        var sequence: UInt64 = 0
        func handle(_ letter: FeedLetter) throws(KeeperStop) {
            sequence += 1
            let event = Event(
                sequence: sequence, domain: letter.domain, receivedAt: letter.receivedAt,
                height: letter.height, body: letter.body)
            try report.append(event)
            for effect in engine.handle(event) {
                if case .record(let decision) = effect { try report.append(decision) }
            }
        }
        // Nothing is begun, so nothing waits for an answer that never comes.
        try handle(
            FeedLetter(
                domain: workplace.config.hasSeveralVenues
                    ? .everyVenue : workplace.config.venue.domain,
                receivedAt: Instant(nanoseconds: 0), height: 0, body: .killSwitchSet(true)))
        try source.eachLetter { letter throws(KeeperStop) in
            if letter.body.isFromFeed { try handle(letter) }
            return true
        }
        return report
    }
}

extension BacktestPass.Source {
    /// Every letter in its order, until whoever takes them has enough.
    package func eachLetter(
        _ take: (FeedLetter) throws(KeeperStop) -> Bool
    ) throws(KeeperStop) {
        switch self {
        case .history(var feed):
            while let letters = try feed.next() {
                for letter in letters where try !take(letter) { return }
            }
        case .recorded(var source):
            while let event = try source.next() {
                if try !take(FeedLetter(event)) { return }
            }
        }
    }
}
