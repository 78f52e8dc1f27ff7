import RoadKit
import Testing

/// What a soak judges by, without a soak.
struct SoakPartsTests {
    private func samples(_ count: Int, _ grown: (Int) -> (bytes: UInt64, descriptors: Int))
        -> [ProcessSample]
    {
        (0..<count).map {
            let (bytes, descriptors) = grown($0)
            return ProcessSample(residentByteCount: bytes, descriptorCount: descriptors)
        }
    }

    @Test func `flat memory and descriptors are no complaint`() {
        let flat = samples(600) {
            (bytes: 60 << 20 + UInt64($0 % 7) << 12, descriptors: 20 + $0 % 3)
        }
        #expect(SoakTrend(flat, factor: 8).complaints(of: "keeper") == [])
    }

    @Test func `memory that grows is a complaint with its figures`() {
        let grown = samples(600) { (bytes: 60 << 20 + UInt64($0) << 16, descriptors: 20) }
        let trend = SoakTrend(grown, factor: 8)
        #expect(trend.complaints(of: "keeper").count == 1)
        #expect(trend.growthBytesPerVenueHour > 20_000_000)
    }

    @Test func `a descriptor a minute is a complaint`() {
        let grown = samples(600) { (bytes: 60 << 20, descriptors: 20 + $0 / 60) }
        let complaints = SoakTrend(grown, factor: 8).complaints(of: "venue")
        #expect(complaints == ["the venue's descriptors grew from 24 to 29"])
    }

    @Test func `a soak that was hardly looked at shows nothing`() {
        let trend = SoakTrend(samples(4) { _ in (bytes: 1, descriptors: 1) }, factor: 8)
        #expect(trend.complaints(of: "keeper") == ["the keeper was looked at 4 times"])
    }

    private func said(_ remarks: (UInt64, String)...) -> [SoakEpisode] {
        SoakEpisode.all(in: remarks.map { SoakRemark(height: $0.0, label: $0.1) })
    }

    private func chances(_ spans: ClosedRange<UInt64>...) -> [SoakChance] {
        spans.map { SoakChance(heights: $0, until: $0.upperBound + 20) }
    }

    @Test func `news of two times that came at once are two, and both are counted`() {
        let episodes = said(
            (147, "eligible"), (147, "proposed"), (147, "recovered"), (147, "eligible"),
            (149, "ended-won"), (149, "recovered"))
        let labels = SoakChance.labels(of: chances(144...145, 147...149), from: episodes)
        #expect(labels == [["eligible", "proposed"], ["eligible", "ended-won"]])
    }

    @Test func `one of two times that nobody spoke of is missed`() {
        let once = said((147, "eligible"), (149, "ended-won"), (149, "recovered"))
        let labels = SoakChance.labels(of: chances(144...145, 147...149), from: once)
        #expect(labels == [["eligible", "ended-won"], []])
        let late = said((170, "eligible"), (171, "ended-won"))
        #expect(SoakChance.labels(of: chances(144...145), from: late) == [[]])
    }

    @Test func `what two lives say of one time is no word about the next`() {
        let episodes = said(
            (10, "eligible"), (10, "proposed"), (14, "eligible"), (15, "ended-won"),
            (16, "recovered"))
        let labels = SoakChance.labels(of: chances(10...15, 18...19), from: episodes)
        #expect(labels == [["eligible", "proposed", "eligible", "ended-won"], []])
    }

    @Test func `whoever never heard that it was well again speaks of both times`() {
        let episodes = said((10, "eligible"), (20, "ended-won"), (20, "recovered"))
        let labels = SoakChance.labels(of: chances(10...12, 14...19), from: episodes)
        #expect(labels[0] == labels[1])
        #expect(labels[1].contains("ended-won"))
    }

    @Test func `an answer that comes after the account is well belongs to its close`() {
        let episodes = said(
            (10, "eligible"), (10, "proposed"), (11, "recovered"), (12, "ended-won"))
        #expect(episodes.map(\.labels) == [["eligible", "proposed", "ended-won"]])
    }

    @Test func `a close by others that nobody saw coming is a time of its own`() {
        let episodes = said(
            (10, "eligible"), (10, "ended-won"), (11, "recovered"), (15, "missed-not-seen"),
            (60, "eligible"), (60, "skipped-no-funds"), (61, "recovered"), (62, "missed-no-funds"),
            (99, "missed-seen-late"))
        #expect(
            episodes.map(\.labels.last) == [
                "ended-won", "missed-not-seen", "missed-no-funds", "missed-seen-late",
            ])
        let labels = SoakChance.labels(
            of: chances(10...10, 14...14, 60...61, 98...98), from: episodes)
        #expect(
            labels.map { $0.contains { $0.hasPrefix("missed-") } } == [false, true, true, true])
    }

    @Test func `one seed is one schedule, and another seed another`() {
        let settings = SoakSettings(venueSeconds: 28_800, seed: 7)
        #expect(SoakSchedule(settings) == SoakSchedule(settings))
        #expect(
            SoakSchedule(settings)
                != SoakSchedule(SoakSettings(venueSeconds: 28_800, seed: 8)))
    }

    @Test(arguments: [600, 28_800])
    func `faults do not overlap, and kills leave a last life and are rare enough`(
        _ seconds: Int64
    ) throws {
        for seed in 1...50 {
            let schedule = SoakSchedule(
                SoakSettings(venueSeconds: seconds, seed: UInt64(seed)))
            for (one, next) in zip(schedule.faults, schedule.faults.dropFirst()) {
                #expect(one.endsAt < next.startsAt)
            }
            let kills = schedule.faults.filter { $0.kind == .killedKeeper }.map(\.startsAt)
            #expect(!kills.isEmpty)
            #expect(kills.allSatisfy { $0 < schedule.lastLifeFrom })
            #expect(zip(kills, kills.dropFirst()).allSatisfy { $1 - $0 >= 300_000 })
        }
    }
}
