import KeeperTransport
import Testing
import VenueServing
import VenueWriters

@Suite struct RateBucketTests {
    private static func rig(reads: UInt64, writes: UInt64) throws -> VenueRig {
        var limits = RateLimits()
        limits.readsPerWindowMax = reads
        limits.writesPerWindowMax = writes
        return try VenueRig(heights: 1, limits: limits)
    }

    /// A window is one second of real time, and a test may begin at the end of one: of two times
    /// the limit, one window has to refuse some.
    @Test func `who reads too often is told when to come again, and may still close`() throws {
        let rig = try Self.rig(reads: 5, writes: 5)
        let replies = try (0..<11).map { _ in try rig.get("/v1/fund") }
        let refused = try #require(replies.first { $0.status == 429 })
        #expect(try refused.code() == "tooManyRequests")
        #expect(refused.header("retry-after") == "1")
        #expect(refused.header("ratelimit-remaining") == "0")
        #expect(try rig.put("/v1/closes/k/void").get().status == 200)
    }

    @Test func `writes have a bucket of their own`() throws {
        let rig = try Self.rig(reads: 50, writes: 2)
        let replies = try (0..<5).map { try rig.put("/v1/closes/k\($0)/void").get() }
        #expect(replies.contains { $0.status == 429 })
        let policy = replies[0].header("ratelimit-policy")
        #expect(policy == "\"writes\";q=2;w=1")
        let read = try rig.get(
            "/v1/balances", headers: rig.signer.headers("GET", "/v1/balances", []))
        #expect(read.status == 200)
        #expect(read.header("ratelimit-policy") == "\"reads\";q=50;w=1")
    }

    @Test func `what is left falls by one with each request`() throws {
        let rig = try Self.rig(reads: 1_000, writes: 1)
        let left = try (0..<3).map { _ in
            try rig.get("/v1/time").header("ratelimit-remaining").flatMap { UInt64($0) }
        }
        let numbers = left.compactMap { $0 }
        #expect(numbers.count == 3)
        // A window may begin anew between two of them, and then one is not less than the other.
        #expect(zip(numbers, numbers.dropFirst()).contains { $0.0 == $0.1 + 1 })
    }
}
