import RoadKit
import Testing

/// The short form of `bailiff-dev soak`: ten minutes of a venue's time, with faults, in 75 seconds.
@Suite(.onTheRoad) struct SoakTests {
    @Test func `ten minutes with faults: nobody missed, books reconciled, nothing grows`()
        async throws
    {
        let run = try await SoakRun(SoakSettings(venueSeconds: 600, seed: 1))
        let verdict = try await run.play()
        #expect(verdict.complaints == [])
        #expect(verdict.chances.won > 0)
        #expect(verdict.chances.all > verdict.chances.inTheDark + verdict.chances.hidden)
    }
}
