import KeeperCodec
import RoadKit
import Testing

/// Three venues in one keeper, one hung and one resyncing for ever: the third keeps its p99. The
/// books of all three and that they are followed again is asked by the bench itself.
@Suite(.onTheRoad) struct VenuesBenchTests {
    /// On a machine that others use a tail is anybody's, so much of it is let pass; one venue that
    /// waits for another waits for seconds.
    private static let factorMax: Double = 8
    private static let slackMicroseconds: Double = 60_000

    @Test func `beside a venue that hangs and one that resyncs for ever the third keeps its p99`()
        async throws
    {
        let folder = try TemporaryFolder()
        let bench = try SpawnedProgram(
            "bailiff-dev", ["bench", "venues", "--accounts", "3000", "--json"], variables: [:],
            output: folder.file("out"), errors: folder.file("err"))
        #expect(try await bench.end(within: 240) == .exited(0), "\(folder.text(of: "err"))")
        var report = try JSONReader(JSONValue.parse(folder.bytes(of: "out"))).object()
        var values: [String: Double] = [:]
        for element in try report.required("results").array() {
            var entry = try element.object()
            let name = try entry.freeText("name")
            if case .number(let number) = try entry.required("value").value {
                values[name] = Double(number.text)
            }
        }
        let tick = "tick to the close in the socket, beside "
        let well = try #require(values[tick + "two that are well, p99"])
        let bad = try #require(values[tick + "one silent and one resyncing for ever, p99"])
        #expect(well > 0 && bad > 0)
        #expect(bad <= max(well * Self.factorMax, well + Self.slackMicroseconds), "\(values)")
    }
}
