// The venue's books, and what all replies had in common.

import KeeperCodec
import KeeperModel
import KeeperSigner
import KeeperTransport
import LiquidationRules
import WideMath

extension ConformanceSuite {
    static let books: [ConformanceCheck] = [
        ConformanceCheck(
            "settlements", "publishes settlements whose lines sum to zero, chained by their hashes",
            settlements),
        ConformanceCheck(
            "settlement-signatures", "signs each settlement by the key that it names",
            settlementSignatures),
        ConformanceCheck(
            "fund-history", "has a fund that moves by the lines of settlements alone", fundHistory),
        ConformanceCheck(
            "fund-solvency", "says how far its fund reaches, by the fund and loss that it names",
            fundSolvency),
        // Behind all others: it looks back at their replies.
        ConformanceCheck(
            "request-ids", "gives every request an id of its own, and names the version",
            requestIDs),
    ]

    private static func records(_ probe: VenueProbe) throws -> [SettlementRecord] {
        var records: [SettlementRecord] = []
        var previous = SettlementRecord.noPreviousHash
        // Enough to be sure, and an end for a venue that never comes to one.
        for _ in 1...50 {
            let query = [QueryItem("after", "\(records.count)")]
            var document = try probe.document(at: "/v1/settlements", query)
            let page = try document.required("settlements").array(countMax: 4_096)
            if page.isEmpty { break }
            for reader in page {
                var entry = try reader.object()
                let record: SettlementRecord = try entry.value("record")
                let hash = try entry.string("hash")
                try require(
                    record.previousHash == previous,
                    "settlement \(record.id) names another hash than the one before it has")
                try require(
                    record.hash == hash, "settlement \(record.id) does not hash to \(hash)")
                previous = hash
                records.append(record)
            }
        }
        return records
    }

    private static func settlements(_ probe: VenueProbe) throws {
        let records = try records(probe)
        guard !records.isEmpty else { throw NotOffered(reason: "nothing was settled yet") }
        for record in records {
            let sum = record.lines.reduce(Int256.zero) { $0 + $1.amountUnits }
            try require(sum.isZero, "the lines of settlement \(record.id) sum to \(sum)")
        }
    }

    private static func settlementSignatures(_ probe: VenueProbe) throws {
        var capabilities = try probe.document(at: "/v1/capabilities")
        guard let named = capabilities.optional("settlementKey") else {
            throw NotOffered(reason: "the venue names no key of its own")
        }
        guard let key = VerifyingKey(try named.bytes(count: 32)) else {
            throw Departure("settlementKey is no key")
        }
        var document = try probe.document(at: "/v1/settlements")
        let page = try document.required("settlements").array(countMax: 4_096)
        guard !page.isEmpty else { throw NotOffered(reason: "nothing was settled yet") }
        for reader in page {
            var entry = try reader.object()
            let record: SettlementRecord = try entry.value("record")
            let signature = try entry.required("signature").bytes(count: 64)
            let text = Array("bailiff-settlement-1\n\(record.hash)\n".utf8)
            try require(
                key.isSignature(signature, of: text),
                "settlement \(record.id) is not signed by \(key)")
        }
    }

    private static func fundHistory(_ probe: VenueProbe) throws {
        let reply = try probe.get("/v1/fund/history")
        guard reply.status != 404 else { throw NotOffered(reason: "there is no /v1/fund/history") }
        var document = try probe.document(reply, of: "GET /v1/fund/history")
        var fund: Int256 = try document.quotedInteger("openingFund")
        let records = try records(probe)
        for (reader, record) in zip(try document.required("history").array(), records) {
            var entry = try reader.object()
            for line in record.lines where line.beneficiary == "fund" {
                fund = fund + line.amountUnits
            }
            let said: Int256 = try entry.quotedInteger("fund")
            try require(
                said == fund, "after settlement \(record.id) the fund is \(said), not \(fund)")
        }
    }

    /// ⌊fund · 1e6 / max(1, stressLoss)⌋, now and after each settlement.
    private static func fundSolvency(_ probe: VenueProbe) throws {
        var now = try probe.document(at: "/v1/fund")
        guard try requireSolvency(&now, "the fund") else {
            throw NotOffered(reason: "no policy of the venue names a shock")
        }
        let reply = try probe.get("/v1/fund/history")
        guard reply.status != 404 else { return }
        var document = try probe.document(reply, of: "GET /v1/fund/history")
        for reader in try document.required("history").array(countMax: 4_096) {
            var entry = try reader.object()
            let id = try entry.uint64("settlement")
            _ = try requireSolvency(&entry, "the fund after settlement \(id)")
        }
    }

    /// False where nothing is said of it.
    private static func requireSolvency(
        _ members: inout ObjectReader, _ whose: String
    ) throws -> Bool {
        let fund: Int256 = try members.quotedInteger("fund")
        guard let reader = members.optional("solvency") else { return false }
        var solvency = try reader.object()
        let said: Int256 = try solvency.quotedInteger("ratioPpm")
        let loss: Int256 = try solvency.quotedInteger("stressLoss")
        try require(loss >= .zero, "\(whose): a loss of \(loss)")
        let ratio = (fund * 1_000_000).quotient(dividingBy: max(1, loss), rounding: .down)
        try require(said == ratio, "\(whose) reaches \(ratio) ppm and says \(said)")
        return true
    }

    private static func requestIDs(_ probe: VenueProbe) throws {
        var known: Set<String> = []
        for reply in probe.seen {
            let id = reply.headers.first { $0.name == "request-id" }?.value
            guard let id, !id.isEmpty else {
                throw Departure("\(reply.question) has no Request-Id")
            }
            try require(known.insert(id).inserted, "\(reply.question) repeats Request-Id \(id)")
            let version = reply.headers.first { $0.name == "api-version" }?.value
            try require(version != nil, "\(reply.question) names no API-Version")
        }
    }
}
