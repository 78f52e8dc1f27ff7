// The form of replies: what every one of them says, and how a venue says no.

import KeeperCodec
import KeeperModel
import KeeperTransport

extension ConformanceSuite {
    static let form: [ConformanceCheck] = [
        ConformanceCheck(
            "capabilities", "describes its markets, channels and limits", capabilities),
        ConformanceCheck("stamps", "says height and server time in every reply", stamps),
        ConformanceCheck(
            "problems", "refuses in the form of RFC 9457, with outcome and retry", problems),
        ConformanceCheck("methods", "answers other methods with 405 and Allow", methods),
        ConformanceCheck("questions", "refuses a question that is none with 400", questions),
    ]

    private static func capabilities(_ probe: VenueProbe) throws {
        var document = try probe.document(at: "/v1/capabilities")
        let venue: VenueDescription = try document.value("venue")
        try require(!venue.markets.isEmpty, "the venue names no market")
        let paths = try document.required("channels").array(countMax: 256).map { reader in
            var channel = try reader.object()
            _ = try channel.string("name")
            try require(
                try channel.uint64("entriesRetained") > 0, "a channel retains no entries")
            return try channel.string("path")
        }
        try require(Set(paths).count == paths.count, "two channels have one path")
        for market in venue.markets {
            let path =
                market.showsOffers ? "/v1/offers" : "/v1/markets/\(market.market)/accounts"
            try require(paths.contains(path), "\(path) is not among the channels")
        }
        var limits = try document.required("limits").object()
        for name in ["waitMillisecondsMax", "entriesMax", "bodyBytesMax"] {
            try require(try limits.uint64(name) > 0, "limits.\(name) is 0")
        }
    }

    private static func stamps(_ probe: VenueProbe) throws {
        var last: UInt64 = 0
        for path in ["/v1/capabilities", "/v1/time", "/v1/prices", "/v1/fund"] {
            var document = try probe.document(at: path)
            let height = try document.uint64("height")
            let time: Instant = try document.value("serverTime")
            try require(height >= last, "\(path): height falls from \(last) to \(height)")
            try require(time.nanoseconds > 0, "\(path): no server time")
            last = height
        }
    }

    private static func problems(_ probe: VenueProbe) throws {
        let path = "/v1/no-such-path"
        try probe.refusal(try probe.get(path), status: 404, of: "GET \(path)")
        let accounts = "/v1/markets/no-such-market/accounts"
        let code = try probe.refusal(
            try probe.get(accounts), status: 404, of: "GET \(accounts)")
        try require(code == "noSuchMarket", "a market that is not there is called '\(code)'")
    }

    private static func methods(_ probe: VenueProbe) throws {
        let path = "/v1/closes/conformance/void"
        let reply = try probe.get(path)
        try probe.refusal(reply, status: 405, of: "GET \(path)")
        let allowed = reply.header("allow") ?? "nothing"
        try require(allowed.contains("PUT"), "GET \(path) allows \(allowed), not PUT")
    }

    private static func questions(_ probe: VenueProbe) throws {
        for (name, value) in [("after", "x"), ("after", "-1"), ("wait", "999999999")] {
            let reply = try probe.get("/v1/prices", [QueryItem(name, value)])
            try probe.refusal(reply, status: 400, of: "GET /v1/prices?\(name)=\(value)")
        }
    }
}
