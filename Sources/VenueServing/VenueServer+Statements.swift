// A keeper's day: every close of its own that settled, every transfer between its purses, and what
// moved by them in the purse that it trades with, asset by asset. Days
// are those of the venue's clock.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator
import WideMath

extension VenueServer {
    func statement(
        of dayText: String, _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        guard let start = UTCText.instant(dayText + "T00:00:00Z"), dayText.utf8.count == 10 else {
            throw VenueProblem(.malformed, "a day is written as 2026-11-20")
        }
        let end = start + .seconds(86_400)
        let now = venue.world.now
        guard start <= now else {
            throw VenueProblem(.malformed, "\(dayText) has not begun at this venue")
        }
        let day = start..<end
        let statement = DayStatement(
            venue.closes.receipts(of: keeper, within: day),
            transfers: venue.transfers.receipts(of: keeper, within: day))
        return reply(visit) { json in
            json.member("keeper", keeper)
            json.member("day", dayText)
            // A day that is not over may get more lines; one that is over never does.
            json.member("isFinal", end <= now)
            json.write(statement)
        }
    }
}

private struct DayStatement {
    struct Line: Hashable {
        let asset: AssetID
        let cause: MovementCause
        var amount: Int256
    }

    let receipts: [CloseReceipt]
    let transfers: [CloseReceipt]
    private(set) var lines: [Line] = []

    init(_ receipts: [CloseReceipt], transfers: [CloseReceipt]) {
        self.receipts = receipts.sorted { $0.clientID < $1.clientID }
        self.transfers = transfers.sorted { $0.clientID < $1.clientID }
        for movement in (receipts + transfers).flatMap(\.movements) { add(movement) }
        lines.sort { ($0.asset, $0.cause.rawValue) < ($1.asset, $1.cause.rawValue) }
    }

    private mutating func add(_ movement: Movement) {
        let index = lines.firstIndex {
            $0.asset == movement.asset && $0.cause == movement.cause
        }
        guard let index else {
            lines.append(
                Line(asset: movement.asset, cause: movement.cause, amount: movement.amount))
            return
        }
        lines[index].amount = lines[index].amount + movement.amount
    }
}

extension CloseLedger {
    fileprivate func receipts(
        of keeper: String, within day: Range<Instant>
    ) -> [CloseReceipt] {
        all.compactMap { _, stored in
            guard stored.keeper == keeper, day.contains(stored.storedAt),
                case .settled(let receipt) = stored.answer
            else { return nil }
            return receipt
        }
    }
}

extension JSONWriter {
    private mutating func write(_ name: String, _ receipts: [CloseReceipt]) {
        key(name)
        beginArray()
        for receipt in receipts {
            beginObject()
            member("clientId", receipt.clientID)
            member("fillId", receipt.fillID)
            member("height", receipt.height)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func write(_ statement: DayStatement) {
        write("fills", statement.receipts)
        write("transfers", statement.transfers)
        key("lines")
        beginArray()
        for line in statement.lines {
            beginObject()
            member("asset", line.asset)
            member("cause", line.cause.rawValue)
            member("amount", line.amount)
            endObject()
        }
        endArray()
    }
}
