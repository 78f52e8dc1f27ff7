// What the end of a request says about a close. A table, and the strictest there is: a close is
// over only when the venue says so in words that we understand; everything else is unknown, and
// unknown is resolved by asking.

package import KeeperCodec
package import KeeperModel
import VenueREST

/// What was asked.
package enum CloseCall: Hashable, Sendable {
    /// `mayBeOutThere`: an earlier attempt may have reached the venue, so a refusal of this request
    /// says nothing about the close.
    case submit(mayBeOutThere: Bool)
    case lookUp
    case void
}

package struct CloseReading: Hashable, Sendable {
    package let answer: CloseAnswer
    /// The venue's, 0 where the reply does not say.
    package let height: UInt64

    /// Pure: the same end of the same request always says the same. A receipt that the venue's own
    /// key does not stand for is no end: it is asked for again, and nothing is booked.
    package init(
        _ result: RawExchange.Result, to call: CloseCall, about clientID: ClientID,
        trusting trust: SettlementTrust = .unsigned
    ) {
        switch result {
        case .failure(let reason):
            self.init(.unknown(evidence: reason))
        case .reply(status: 200, let body):
            self.init(body, about: clientID, trust)
        case .reply(let status, let body):
            self.init(status, body, to: call)
        }
    }

    private init(_ answer: CloseAnswer, height: UInt64 = 0) {
        self.answer = answer
        self.height = height
    }

    /// A 200: what stands at the key, for good or, of a bid, until it is opened.
    private init(_ body: [UInt8], about clientID: ClientID, _ trust: SettlementTrust) {
        let document: CloseDocument
        do {
            document = try CloseDocument(jsonBytes: body)
        } catch {
            self.init(.unknown(evidence: "status 200, unreadable: \(error)"))
            return
        }
        guard document.clientID == clientID, document.answer.isWord(on: clientID) else {
            self.init(.unknown(evidence: "status 200, and not the end of \(clientID)"))
            return
        }
        if case .settled(let receipt) = document.answer,
            let doubt = trust.doubt(about: receipt, signatures: document.settlementSignatures)
        {
            self.init(.unknown(evidence: "status 200, and not believed: \(doubt)"))
            return
        }
        self.init(document.answer, height: document.height)
    }

    /// Any other status. Only with the venue's own word that nothing was applied is it an answer,
    /// and not where it asks for the same request again: a nonce that it has seen says that these
    /// bytes came twice, and what became of the first copy is in no reply of ours.
    private init(_ status: UInt16, _ body: [UInt8], to call: CloseCall) {
        let problem: VenueProblemDocument
        do {
            problem = try VenueProblemDocument(jsonBytes: body)
        } catch {
            self.init(.unknown(evidence: "status \(status), unreadable: \(error)"))
            return
        }
        let evidence = "status \(status), \(problem.code): \(problem.detail)"
        switch (call, status) {
        case (.lookUp, 404) where ["noSuchClose", "noSuchTransfer"].contains(problem.code):
            self.init(.notFound)
        case (.submit(let mayBeOutThere), 400..<500)
        where problem.outcome == .none && problem.retry != .same && status != 409:
            let refusalClass = RefusalClass(status: status)
            // The key is taken by other bytes, so ours can never settle, whenever they arrive.
            guard !mayBeOutThere || refusalClass == .keyReused else {
                self.init(.unknown(evidence: evidence))
                return
            }
            self.init(.refused(Refusal(refusalClass, detail: evidence)))
        default:
            self.init(.unknown(evidence: evidence))
        }
    }
}

extension CloseAnswer {
    /// What a venue may say of a key; a receipt speaks of the close that was asked about.
    fileprivate func isWord(on clientID: ClientID) -> Bool {
        switch self {
        case .settled(let receipt): receipt.clientID == clientID
        // A sealed bid waits, and what becomes of it is asked for; every other word is an end.
        case .refused, .voided, .accepted: true
        // What only chains say is no word of this venue.
        case .unknown, .notFound, .included: false
        }
    }
}

extension RefusalClass {
    fileprivate init(status: UInt16) {
        switch status {
        case 401, 403: self = .unauthorised
        case 422: self = .keyReused
        case 429: self = .rateLimited
        default: self = .malformed
        }
    }
}
