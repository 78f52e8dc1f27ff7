// Moves between a keeper's two purses: what it trades with, and what its operator keeps aside. The
// same keys, replays and tombstones as for closes, under a scope of their own.

import HTTPServing
import KeeperCodec
import KeeperModel
import VenueSimulator

extension VenueServer {
    func transfer(
        _ clientID: ClientID, _ body: [UInt8], _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        let order: TransferOrder
        do {
            order = try TransferOrder(jsonBytes: body)
        } catch {
            throw VenueProblem(.malformed, "\(error)")
        }
        guard order.clientID == clientID else {
            throw VenueProblem(.malformed, "path and body name different keys")
        }
        let bodyHash = Hex.encode(SHA256.hash(body))
        switch withVenue({ $0.transfer(order, bodyHash: bodyHash, keeper: keeper) }) {
        case .answered(let answer, let isReplayed):
            return answered(clientID, answer, visit, isReplayed: isReplayed)
        case .keyReused:
            throw VenueProblem(.keyReused, "'\(clientID)' belongs to another body")
        case .tooManyCalls:
            preconditionFailure("Transfers are not counted with the calls of a height")
        }
    }

    func voidTransfer(
        _ clientID: ClientID, _ body: [UInt8], _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        guard body.isEmpty else { throw VenueProblem(.malformed, "a void has no body") }
        guard let answer = withVenue({ $0.voidTransfer(clientID, keeper: keeper) }) else {
            throw VenueProblem(.keyReused, "'\(clientID)' belongs to another keeper")
        }
        return answered(clientID, answer, visit)
    }

    func transfer(
        _ clientID: ClientID, _ keeper: String, _ visit: Visit
    ) throws(VenueProblem) -> HTTPResponse {
        guard let stored = venue.lookUpTransfer(clientID, keeper: keeper) else {
            throw VenueProblem(.noSuchTransfer, "'\(clientID)' was never seen")
        }
        return answered(clientID, stored.answer, visit)
    }
}

extension VenueRoute {
    /// What a key has to be good for to write here.
    var scopeOfWrite: KeyScope {
        switch self {
        case .transfer, .voidTransfer: .transfer
        default: .close
        }
    }
}
