import KeeperFeeds
import KeeperModel
import Testing
import WideMath

@Suite struct PriceBlendTests {
    private static let start = Instant(milliseconds: 1_700_000_000_000)

    private func at(_ milliseconds: Int64) -> Instant { Self.start + .milliseconds(milliseconds) }

    private func rule(
        quorum: Int = 2, halfWidthMaxPpm: UInt64? = nil, average: AverageRule? = nil
    ) -> BlendRule {
        BlendRule(
            quorum: quorum, ageMax: .seconds(10), deviationMaxPpm: 10_000,
            halfWidthMaxPpm: halfWidthMaxPpm, average: average)
    }

    private func price(
        _ text: String, madeAt: Instant? = nil, halfWidth: String? = nil
    ) throws -> ObservedPrice {
        try #require(
            ObservedPrice(
                priceE30: try e30(text), halfWidthE30: try halfWidth.map { try e30($0) },
                madeAt: madeAt))
    }

    private func blend(_ prices: [String], quorum: Int = 2) throws -> PriceBlend {
        var blend = PriceBlend(sourceCount: prices.count, rule: rule(quorum: quorum))
        for (source, text) in prices.enumerated() {
            try blend.take(try price(text), from: source, at: at(0))
        }
        return blend
    }

    @Test(
        arguments: [
            (["100"], "100"), (["100", "101"], "100.5"), (["100", "100.5", "100.2"], "100.2"),
            (["100", "100.1", "100.2", "100.4"], "100.15"),
            // One that lies is left out, whichever way.
            (["100", "100.2", "250"], "100.1"), (["1", "100", "100.2", "100.4", "999"], "100.2"),
        ] as [([String], String)])
    func `sources that agree make their median`(prices: [String], expected: String) throws {
        var blended = try blend(prices, quorum: min(2, prices.count))
        #expect(try blended.blend(at: at(0)).get().priceE30 == (try e30(expected)))
    }

    @Test func `the order of the sources decides nothing`() throws {
        let prices = ["100", "100.3", "99.9", "150"]
        var seen: Set<BlendedPrice> = []
        for shift in prices.indices {
            let turned = Array(prices[shift...] + prices[..<shift])
            for order in [turned, turned.reversed()] {
                var blended = try blend(order)
                seen.insert(try blended.blend(at: at(0)).get())
            }
        }
        #expect(seen.count == 1)
    }

    @Test func `two that part say nothing, and the last price is held as old as it is`() throws {
        var blend = try blend(["100", "100.2"])
        let agreed = try blend.blend(at: at(0)).get()
        try blend.take(try price("110"), from: 1, at: at(1_000))
        #expect(blend.blend(at: at(1_000)) == .failure(.apart(agreeingCount: 0, quorum: 2)))
        #expect(blend.last == agreed)
        #expect(blend.last?.madeAt == at(0))
    }

    @Test func `a quorum of the silent is lost, and nothing is made up`() throws {
        var blend = try blend(["100", "100.2"])
        _ = blend.blend(at: at(0))
        try blend.take(try price("100.1"), from: 0, at: at(10_001))
        #expect(blend.freshCount(at: at(10_001)) == 1)
        #expect(blend.blend(at: at(10_001)) == .failure(.tooFew(freshCount: 1, quorum: 2)))
        #expect(try #require(blend.last).priceE30 == (try e30("100.1")))
        #expect(blend.last?.madeAt == at(0), "the held price is the one from before")
    }

    @Test func `a price is as old as the oldest that it rests on`() throws {
        var blend = PriceBlend(sourceCount: 2, rule: rule())
        try blend.take(try price("100", madeAt: at(-4_000)), from: 0, at: at(0))
        try blend.take(try price("100", madeAt: at(-1_000)), from: 1, at: at(0))
        #expect(try blend.blend(at: at(0)).get().madeAt == at(-4_000))
        // Asked for again and the same as ever: a reply does not make it younger.
        try blend.take(try price("100", madeAt: at(-4_000)), from: 0, at: at(7_000))
        #expect(blend.freshCount(at: at(7_000)) == 1)
    }

    @Test func `a source whose clock is ahead makes no price of the future`() throws {
        var blend = PriceBlend(sourceCount: 1, rule: rule(quorum: 1))
        try blend.take(try price("100", madeAt: at(3_000)), from: 0, at: at(0))
        #expect(try blend.blend(at: at(0)).get().madeAt == at(0))
        #expect(throws: PriceRefusal.self) {
            try blend.take(try price("100", madeAt: at(2_999)), from: 0, at: at(1))
        }
    }

    @Test func `what goes back, comes from the future or is too wide is refused`() throws {
        var blend = PriceBlend(sourceCount: 1, rule: rule(quorum: 1, halfWidthMaxPpm: 5_000))
        try blend.take(try price("100", madeAt: at(0)), from: 0, at: at(0))
        for (bad, kind) in [
            (try price("101", madeAt: at(-1)), PriceRefusal.Kind.wentBack),
            (try price("101", madeAt: at(6_000)), .fromTheFuture),
            (try price("100", madeAt: at(1), halfWidth: "0.500001"), .tooWide),
        ] {
            let refusal = #expect(throws: PriceRefusal.self) {
                try blend.take(bad, from: 0, at: at(1))
            }
            #expect(refusal?.kind == kind)
        }
        try blend.take(try price("100", madeAt: at(1), halfWidth: "0.5"), from: 0, at: at(1))
    }

    @Test func `a price that runs away from its average is held until the average has followed`()
        throws
    {
        var blend = PriceBlend(
            sourceCount: 1,
            rule: rule(
                quorum: 1, average: AverageRule(window: .seconds(20), deviationMaxPpm: 50_000)))
        for second in 0...20 {
            try blend.take(try price("100"), from: 0, at: at(Int64(second) * 1_000))
            _ = try blend.blend(at: at(Int64(second) * 1_000)).get()
        }
        var heldCount = 0
        for second in 21...50 {
            try blend.take(try price("120"), from: 0, at: at(Int64(second) * 1_000))
            switch blend.blend(at: at(Int64(second) * 1_000)) {
            case .success(let followed):
                #expect(followed.priceE30 == (try e30("120")))
            case .failure(let loss):
                guard case .awayFromAverage = loss else {
                    Issue.record("\(loss)")
                    return
                }
                heldCount += 1
                #expect(try #require(blend.last).priceE30 == (try e30("100")))
            }
        }
        // 120 is within 5 % of the average once that is above 114.28: after three quarters.
        #expect((14...16).contains(heldCount), "\(heldCount)")
    }

    @Test func `an average counts a price for as long as it stood, and holes not at all`() throws {
        var blend = PriceBlend(
            sourceCount: 1,
            rule: rule(
                quorum: 1, average: AverageRule(window: .seconds(40), deviationMaxPpm: 900_000)))
        try blend.take(try price("100"), from: 0, at: at(0))
        _ = blend.blend(at: at(0))
        #expect(blend.averageE30(at: at(5_000)) == nil, "too little to average")
        try blend.take(try price("104"), from: 0, at: at(10_000))
        _ = blend.blend(at: at(10_000))
        // Ten seconds each: the second one is not believed for longer than that either.
        #expect(try #require(blend.averageE30(at: at(20_000))) == (try e30("102")))
        #expect(try #require(blend.averageE30(at: at(35_000))) == (try e30("102")))
    }

    @Test(
        arguments: [
            ("1712.05", 6, "1", "1712050000"), ("0.0000019", 6, "1", "1"),
            ("1712.05", 6, "0.01", "17120500"), ("0.0000009", 6, "1", "-"),
            ("1712.059", 2, "1", "171205"),
        ] as [(String, UInt8, String, String)])
    func `a price in the venue's units is rounded down`(
        price: String, decimals: UInt8, lot: String, expected: String
    ) throws {
        let lotE18 = try e30(lot) / (try UInt256.powerOfTen(12))
        let units = PriceUnits(quoteDecimals: decimals, lotE18: lotE18)
        #expect(units.units(try e30(price))?.description ?? "-" == expected)
    }
}
