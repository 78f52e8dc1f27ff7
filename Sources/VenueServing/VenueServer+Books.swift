// The venue's books as anybody may read them: settlements, and the fund behind its promises, now
// and after each settlement.

import HTTPServing
import KeeperCodec
import KeeperModel
import LiquidationRules
import VenueSimulator
import WideMath

extension VenueServer {
    static let settlementsMax = 200

    func settlements(after: UInt64, _ visit: Visit) -> HTTPResponse {
        let records = venue.world.settlements.records
        // Ids are 1, 2, 3 …, so an id is also how many to leave out.
        let page = records.dropFirst(Int(clamping: after)).prefix(Self.settlementsMax)
        return reply(visit) { json in
            json.member("sequence", UInt64(records.count))
            json.settlements(page, signedBy: settlementSigner)
        }
    }

    func fund(_ visit: Visit) -> HTTPResponse {
        reply(visit) { json in
            json.fund(venue.world.settlements.state)
            if let loss = venue.stressLoss {
                json.solvency(of: venue.world.settlements.state.fund, under: loss)
            }
        }
    }

    /// The fund moves by lines of settlements and by nothing else, so its history is read off them.
    func fundHistory(after: UInt64, _ visit: Visit) -> HTTPResponse {
        let records = venue.world.settlements.records.map(\.record)
        var standing = FundStanding(fund: Int256(venue.scenario.fundUnits))
        let opening = standing
        var page: [(record: SettlementRecord, standing: FundStanding)] = []
        for record in records {
            standing.take(record.lines)
            guard record.id > after, page.count < Self.settlementsMax else { continue }
            page.append((record, standing))
        }
        return reply(visit) { json in
            json.member("sequence", UInt64(records.count))
            json.member("openingFund", opening.fund)
            json.key("history")
            json.beginArray()
            for entry in page {
                let place = Int(clamping: entry.record.id) - 1
                let isKnown = venue.stressLosses.indices.contains(place)
                json.fundEntry(
                    entry.record, entry.standing, isKnown ? venue.stressLosses[place] : nil)
            }
            json.endArray()
        }
    }
}

/// What lines make of the fund: positive ones pay in, and of bad debt negative ones raise what is
/// owed (section 12 of the settlement law).
private struct FundStanding {
    var fund: Int256
    var badDebt = Int256.zero

    mutating func take(_ lines: [SettlementLine]) {
        for line in lines {
            switch line.beneficiary {
            case "fund": fund = fund + line.amountUnits
            case "badDebt": badDebt = badDebt - line.amountUnits
            default: break
            }
        }
    }
}

extension JSONWriter {
    mutating func settlements(
        _ records: some Sequence<SettlementBook.HashedRecord>, signedBy signer: SettlementSigner
    ) {
        key("settlements")
        beginArray()
        for record in records {
            beginObject()
            member("hash", record.hash)
            key("signature")
            hex(signer.signature(ofHash: record.hash))
            member("record", record.record)
            endObject()
        }
        endArray()
    }

    /// What stands behind the venue's promises.
    mutating func fund(_ state: SettlementState) {
        member("fund", state.fund)
        member("badDebt", state.badDebt)
        key("backstopLoans")
        beginArray()
        for loan in state.loans {
            beginObject()
            member("backstop", loan.id)
            member("amount", loan.amount)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func solvency(of fund: Int256, under loss: StressLoss) {
        key("solvency")
        beginObject()
        member("ratioPpm", loss.solvencyPpm(of: fund))
        member("stressLoss", loss.amount)
        member("shock", loss.shock)
        endObject()
    }

    fileprivate mutating func fundEntry(
        _ record: SettlementRecord, _ standing: FundStanding, _ loss: StressLoss?
    ) {
        beginObject()
        member("settlement", record.id)
        member("height", UInt64(clamping: record.height))
        member("fund", standing.fund)
        member("badDebt", standing.badDebt)
        if let loss { solvency(of: standing.fund, under: loss) }
        endObject()
    }
}
