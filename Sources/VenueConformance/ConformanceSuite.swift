// The black-box test of a venue: every check in its order, each for itself, none skipped because
// another failed.

package enum ConformanceSuite {
    package static let checks: [ConformanceCheck] =
        form + streams + states + offers + access + closes + books

    /// All checks, or those that are wanted.
    package static func run(
        _ probe: VenueProbe, only isWanted: (ConformanceCheck) -> Bool = { _ in true }
    ) -> ConformanceReport {
        ConformanceReport(
            rows: checks.filter(isWanted).map { check in
                ConformanceReport.Row(
                    name: check.name, promise: check.promise, verdict: verdict(of: check, probe))
            })
    }

    private static func verdict(
        of check: ConformanceCheck, _ probe: VenueProbe
    ) -> ConformanceVerdict {
        guard probe.hasKey || !check.needsKey else { return .skipped("no key was given") }
        do {
            try check.carryOut(probe)
            return .kept
        } catch let absence as NotOffered {
            return .skipped(absence.reason)
        } catch {
            return .broken("\(error)")
        }
    }
}
