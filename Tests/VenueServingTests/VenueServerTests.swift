import KeeperCodec
import KeeperModel
import KeeperTransport
import Testing
import VenueServing

@Suite struct VenueServerTests {
    @Test func `a long poll is answered by the next height`() throws {
        let rig = try VenueRig(heights: 10, pace: .times(10))
        let newest = try rig.get("/v1/prices").json()
        let sequence = try #require(newest["sequence"]?.number)
        let height = try #require(newest["height"]?.number)
        let start = MonotonicTime.now()
        let reply = try rig.get(
            "/v1/prices", [QueryItem("after", "\(sequence)"), QueryItem("wait", "5000")])
        #expect(MonotonicTime.now() - start < .seconds(2))
        let entries = try #require(try reply.json()["entries"]).elements
        #expect(entries.first?["sequence"]?.number == sequence + 1)
        #expect(entries.first?["height"]?.number == height + 1)
    }

    @Test func `a wait that ends without news is a heartbeat`() throws {
        let rig = try VenueRig(heights: 10)
        let reply = try rig.get(
            "/v1/prices", [QueryItem("after", "11"), QueryItem("wait", "30")])
        #expect(reply.status == 200)
        #expect(try reply.json()["entries"] == .array([]))
        #expect(try reply.json()["sequence"]?.number == 11)
        #expect(try reply.json()["height"]?.number == 10)
    }

    @Test(arguments: ["/v1/prices", "/v1/markets/lend-main/accounts"])
    func `what the stream never said is gone`(path: String) throws {
        let rig = try VenueRig(heights: 10)
        let reply = try rig.get(path, [QueryItem("after", "999")])
        #expect(reply.status == 410)
        #expect(try reply.code() == "gone")
    }

    @Test func `depth is retained for so long and then gone`() throws {
        let rig = try VenueRig(heights: 300)
        #expect(try rig.get("/v1/depth", [QueryItem("after", "290")]).status == 200)
        #expect(try rig.get("/v1/depth", [QueryItem("after", "1")]).status == 410)
    }

    @Test(arguments: [
        ("/v1/nothing", 404, "noSuchPath"), ("/v2/time", 404, "noSuchPath"),
        ("/v1/markets/other/accounts", 404, "noSuchMarket"),
        ("/v1/balances", 401, "unsigned"), ("/v1/closes/k", 401, "unsigned"),
        ("/v1/closes/k/void", 405, "methodNotAllowed"),
    ])
    func `an error says what, and that nothing was done`(
        path: String, status: Int, code: String
    ) throws {
        let reply = try VenueRig(heights: 1).get(path)
        #expect(reply.status == status)
        #expect(try reply.code() == code)
        #expect(try reply.json()["outcome"]?.text == "none")
        #expect(reply.header("content-type") == "application/problem+json")
    }

    @Test func `a halted market says so and takes no close until it is open again`() throws {
        let rig = try VenueRig()
        #expect(try rig.marketStates() == ["lend-main": "open", "perp-btc": "open"])
        try rig.setFaults(#"{"halted":["lend-main"]}"#)
        #expect(try rig.marketStates() == ["lend-main": "halted", "perp-btc": "open"])
        let halted = try rig.put("/v1/closes/k1", try rig.plan("k1").jsonBytes).get().json()
        #expect(halted["answer"]?["refusal"]?["class"]?.text == "marketClosed")
        try rig.setFaults("{}")
        #expect(try rig.marketStates() == ["lend-main": "open", "perp-btc": "open"])
        let open = try rig.put("/v1/closes/k2", try rig.plan("k2").jsonBytes).get().json()
        #expect(open["answer"]?["kind"]?.text == "settled")
        let unknown = try rig.put(
            "/v1/test/faults", Array(#"{"halted":["nowhere"]}"#.utf8), headers: []
        ).get()
        #expect(try unknown.code() == "malformed")
    }

    @Test func `a path says which methods it takes`() throws {
        let rig = try VenueRig(heights: 1)
        let void = try rig.get("/v1/closes/k/void")
        #expect(void.header("allow") == "PUT")
        let fund = try rig.put("/v1/fund", [], headers: []).get()
        #expect(fund.header("allow") == "GET")
        #expect(try fund.code() == "methodNotAllowed")
    }

    @Test(arguments: ["after=-1", "after=01", "after=x", "wait=30001", "wait="])
    func `a malformed question is refused`(query: String) throws {
        let parts = query.split(separator: "=", omittingEmptySubsequences: false)
        let reply = try VenueRig(heights: 1).get(
            "/v1/prices", [QueryItem(String(parts[0]), String(parts[1]))])
        #expect(reply.status == 400)
    }

    @Test func `test switches are there only when asked for`() throws {
        let rig = try VenueRig(heights: 1, hasTestSwitches: false)
        let reply = try rig.put("/v1/test/faults", Array("{}".utf8), headers: []).get()
        #expect(reply.status == 404)
    }

    @Test func `the report counts what came and shows what was settled`() throws {
        let rig = try VenueRig()
        let plan = try rig.plan("k1")
        _ = try rig.put("/v1/closes/k1", plan.jsonBytes).get()
        _ = try rig.put("/v1/closes/k2/void").get()
        _ = try rig.put("/v1/fund", [], headers: []).get()
        _ = try rig.get("/v1/time")
        let report = try JSONValue.parse(rig.server.report())
        let requests = try #require(report["requests"])
        #expect(requests["writes"]?.number == 3)
        #expect(requests["closes"]?.number == 1)
        #expect(requests["voids"]?.number == 1)
        #expect(requests["reads"]?.number == 1)
        #expect(report["settledCount"]?.number == 1)
        let kinds = try #require(report["closes"]).elements.map { $0["answer"]?["kind"]?.text }
        #expect(kinds == ["settled", "voided"])
        #expect(try #require(report["settlements"]).elements.isEmpty == false)
        #expect(report["keepers"]?.elements.first?["keeper"]?.text == "me")
    }
}

extension VenueRig {
    fileprivate func marketStates() throws -> [String: String] {
        let rows = try #require(try get("/v1/markets").json()["markets"]).elements
        let pairs = rows.compactMap { row in
            row["market"]?.text.flatMap { market in row["state"]?.text.map { (market, $0) } }
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
