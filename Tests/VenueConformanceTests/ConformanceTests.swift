import HTTPServing
import KeeperCodec
import KeeperTransport
import Testing
import VenueConformance

/// The black-box test of a venue: passed by the reference venue, and failed, by the check that is
/// meant for it, by each of those that break one promise.
@Suite struct ConformanceTests {
    private func report(
        _ mutation: Mutation?, of kind: MutatedVenue.Kind? = nil, withKey: Bool = true,
        only isWanted: (ConformanceCheck) -> Bool = { _ in true }
    ) throws -> ConformanceReport {
        let venue = try MutatedVenue(mutation, of: kind)
        let probe = VenueProbe(
            endpoint: try venue.endpoint(), reactor: venue.reactor,
            signer: withKey ? venue.signer : nil)
        return ConformanceSuite.run(probe, only: isWanted)
    }

    @Test func `the reference venue keeps every promise`() throws {
        let report = try report(nil)
        #expect(report.broken.isEmpty, "\(report.text)")
        #expect(report.skipped == ConformanceSuite.checks.map(\.name).filter(\.isOfOffers))
    }

    @Test(arguments: [MutatedVenue.Kind.claims, .bids])
    func `so it does where it shows offers instead of accounts`(
        _ kind: MutatedVenue.Kind
    ) throws {
        let report = try report(nil, of: kind)
        #expect(report.broken.isEmpty, "\(report.text)")
        var expected = [
            "snapshot-hash", "snapshot-root", "snapshot-pages", "account-path", "deltas",
        ]
        // Bids of the crowd wait to be opened.
        expected += kind == .claims ? ["offers-bids"] : []
        #expect(Set(report.skipped).subtracting(["settlements", "offers-settle"]) == Set(expected))
    }

    @Test func `without a key what is signed is skipped and nothing else`() throws {
        let report = try report(nil, withKey: false)
        #expect(report.broken.isEmpty, "\(report.text)")
        #expect(
            report.skipped
                == ConformanceSuite.checks.filter { $0.needsKey || $0.name.isOfOffers }
                .map(\.name))
    }

    @Test(arguments: Mutation.all)
    func `a broken promise fails its own check`(mutation: Mutation) throws {
        // With one that looks elsewhere, so that it is seen whose the fault is.
        let elsewhere = ["methods": "questions", "request-ids": "stamps", "stamps": "questions"]
        let other = elsewhere[mutation.check] ?? "methods"
        let report = try report(mutation) { [other, mutation.check].contains($0.name) }
        #expect(report.broken == [mutation.check], "\(report.text)")
    }

    @Test func `every mutation is for a check that there is, and each check has one`() {
        let checks = Set(ConformanceSuite.checks.map(\.name))
        #expect(Set(Mutation.all.map(\.check)) == checks)
        #expect(Mutation.all.count >= 12)
    }

    @Test func `a report says the same to programs`() throws {
        let report = try report(nil, withKey: false)
        let document = try JSONValue.parse(report.jsonBytes)
        guard case .array(let rows) = document["checks"] else {
            Issue.record("a report lists its checks")
            return
        }
        #expect(rows.count == ConformanceSuite.checks.count)
        #expect(rows.first?["verdict"] == .string("kept"))
        #expect(report.text.hasSuffix("broken, \(report.skippedCount) skipped"))
    }
}

extension String {
    fileprivate var isOfOffers: Bool { hasPrefix("offers-") }
}

extension ConformanceReport {
    fileprivate var skipped: [String] {
        rows.compactMap { row in
            if case .skipped = row.verdict { row.name } else { nil }
        }
    }
}
