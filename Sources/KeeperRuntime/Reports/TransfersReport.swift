import KeeperCodec
package import KeeperJournal
import KeeperModel
import WideMath

/// Every transfer between the keeper's purses with its ending, the latest first, and what the books
/// have in each. None of it is revenue.
package struct TransfersReport: Sendable {
    private let transfers: [JournaledTransfer]
    private let trading: [BookedBalance]
    private let reserve: [BookedBalance]

    package init(_ journal: Journal) throws(JournalError) {
        transfers = try journal.transfers(countMax: 100_000)
        trading = try journal.balances()
        reserve = try journal.reserveBalances()
    }

    package var lines: [String] {
        let isOne = Set(transfers.map(\.intent.plan.target.domain)).count <= 1
        let header = ["transfer", "asset", "direction", "amount", "ending", "booked", "created"]
        let rows = transfers.map { transfer in
            (isOne ? [] : [transfer.intent.plan.target.domain.text]) + transfer.cells
        }
        let moved =
            transfers.isEmpty
            ? ["no transfers"] : columns([(isOne ? [] : ["venue"]) + header] + rows)
        let balances =
            trading.map { ["trading", $0.domain.text, $0.asset.text, $0.amount.description] }
            + reserve.map { ["reserve", $0.domain.text, $0.asset.text, $0.amount.description] }
        return moved + columns(balances)
    }

    package var csvLines: [String] {
        let head = ["clientId", "asset", "direction", "amount", "ending", "booked", "created"]
        return CSVText.lines([head] + transfers.map(\.cells))
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("transfers")
        json.beginArray()
        for transfer in transfers { write(transfer, &json) }
        json.endArray()
        write("trading", trading, &json)
        write("reserve", reserve, &json)
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(_ row: JournaledTransfer, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("clientId", row.intent.plan.clientID)
        json.member("domain", row.intent.plan.target.domain)
        json.member("asset", row.transfer.asset)
        json.member("direction", row.transfer.direction.rawValue)
        json.member("amount", row.transfer.amount)
        json.member("ending", row.ending?.label ?? "open")
        json.member("booked", row.isBooked)
        json.member("created", UTCText.text(row.createdAt))
        json.endObject()
    }

    private func write(
        _ name: String, _ balances: [BookedBalance], _ json: inout JSONWriter
    ) {
        json.key(name)
        json.beginArray()
        for balance in balances {
            json.beginObject()
            json.member("domain", balance.domain)
            json.member("asset", balance.asset)
            json.member("amount", balance.amount)
            json.endObject()
        }
        json.endArray()
    }
}

extension JournaledTransfer {
    fileprivate var cells: [String] {
        [
            intent.plan.clientID.text, transfer.asset.text, transfer.direction.rawValue,
            transfer.amount.description, ending?.label ?? "open", isBooked ? "yes" : "no",
            UTCText.text(createdAt),
        ]
    }
}
