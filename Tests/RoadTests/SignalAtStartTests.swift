import Foundation
import Glibc
import RoadKit
import Testing

/// A supervisor may change its mind before a keeper has made up its own.
@Suite(.onTheRoad) struct SignalAtStartTests {
    private static let delaysMilliseconds = [0, 3, 10, 30, 100, 300]

    /// Before it listens the system ends it, and afterwards it ends by itself; in no case does it
    /// hang, or leave behind what the next one stumbles over.
    @Test func `row 50: asked to end while it starts, it ends, and the next one starts`()
        async throws
    {
        let drill = try await Drill()
        for delay in Self.delaysMilliseconds {
            for signal in [SIGTERM, SIGHUP] {
                let keeper = try drill.keeper([])
                try await Task.sleep(for: .milliseconds(delay))
                keeper.send(signal)
                // Told to read its configuration again it goes on, where it has come so far.
                if signal == SIGHUP {
                    try await Task.sleep(for: .milliseconds(100))
                    if keeper.endingNow() == nil { keeper.send(SIGTERM) }
                }
                let ending = try await keeper.end(within: 20)
                let isOrderly = [.exited(0), .killed(by: SIGTERM), .killed(by: signal)]
                    .contains(ending)
                #expect(
                    isOrderly,
                    "\(signal) after \(delay) ms: \(ending) \(drill.folder.text(of: "keeper.err"))")
            }
        }
        let last = try drill.keeper(["--decisions", drill.folder.file("last")])
        try await drill.waitForDecisions(#""kind":"proposed""#, 1, in: "last", of: last)
        last.send(SIGTERM)
        #expect(try await last.end() == .exited(0), "\(drill.folder.text(of: "keeper.err"))")
    }
}
