// A keeper's day: every close of its own that settled, and what moved by them, asset by asset. Days
// are those of the venue's clock.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator
import WideMath

extension VenueServer {
    func statement(
        of day: String, _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        guard let start = UTCText.instant(day + "T00:00:00Z"), day.utf8.count == 10 else {
            throw VenueProblem(.malformed, "a day is written as 2026-11-20")
        }
        let end = start + .seconds(86_400)
        let now = venue.world.now
        guard start <= now else {
            throw VenueProblem(.malformed, "\(day) has not begun at this venue")
        }
        let receipts = venue.closes.all.compactMap { _, close -> CloseReceipt? in
            guard close.keeper == keeper, start <= close.storedAt, close.storedAt < end,
                case .settled(let receipt) = close.answer
            else { return nil }
            return receipt
        }
        let statement = DayStatement(receipts)
        return reply(visit) { json in
            json.member("keeper", keeper)
            json.member("day", day)
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
    private(set) var lines: [Line] = []

    init(_ receipts: [CloseReceipt]) {
        self.receipts = receipts.sorted { $0.clientID < $1.clientID }
        for movement in self.receipts.flatMap(\.movements) { add(movement) }
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

extension JSONWriter {
    fileprivate mutating func write(_ statement: DayStatement) {
        key("fills")
        beginArray()
        for receipt in statement.receipts {
            beginObject()
            member("clientId", receipt.clientID)
            member("fillId", receipt.fillID)
            member("height", receipt.height)
            endObject()
        }
        endArray()
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
