import KeeperCodec
import RoadKit
import Testing

/// That the bench of a keeper as a process measures what it says, with so few accounts that nothing
/// of it may be quoted.
@Suite(.onTheRoad) struct DaemonBenchTests {
    @Test func `a trial of the daemon bench measures a ready keeper and closes that answer ticks`()
        async throws
    {
        let folder = try TemporaryFolder()
        let bench = try SpawnedProgram(
            "bailiff-dev", ["bench", "daemon", "--accounts", "2000", "--json"], variables: [:],
            output: folder.file("out"), errors: folder.file("err"))
        #expect(try await bench.end(within: 240) == .exited(0), "\(folder.text(of: "err"))")
        var report = try JSONReader(JSONValue.parse(folder.bytes(of: "out"))).object()
        var values: [String: JSONValue] = [:]
        for element in try report.required("results").array() {
            var entry = try element.object()
            values[try entry.freeText("name")] = try entry.required("value").value
        }
        #expect(values["a trial"] != nil, "it says that it is none to be quoted")
        for name in [
            "time to READY",
            "tick to the close in the socket, durability process, blocking poll, p50",
            "tick to the close in the socket, durability power, blocking poll, p50",
            "tick to write, beside bare write() and one signature", "one Ed25519 signature, p50",
            "one at a time, beside a raw socket",
        ] {
            guard case .number(let number)? = values[name] else {
                Issue.record("\(name): \(String(describing: values[name]))")
                continue
            }
            #expect(number.text.contains { $0 != "0" && $0 != "." }, "\(name) is not nothing")
        }
        let peers = ["wrk", "aiohttp", "Node's http.Agent", "URLSession"]
        for peer in peers {
            #expect(
                values["HTTP one at a time, \(peer), p50"] != nil
                    || values["skipped, \(peer)"] != nil, "\(peer) is measured or named")
        }
    }
}
