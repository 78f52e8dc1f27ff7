// What the venue answers when it does not do what was asked: problem+json (RFC 9457) with the three
// members that tell a keeper what to do next. An error never comes with status 200.

import HTTPServing
import KeeperCodec
import KeeperModel

package struct VenueProblem: Error, Hashable, Sendable {
    /// Stable names; a client decides by these and never by the detail.
    package enum Code: String, Sendable, CaseIterable {
        case noSuchPath
        case methodNotAllowed
        case malformed
        case noSuchMarket
        case noSuchClose
        case noSuchTransfer
        case noSuchAccount
        case notDisclosed
        case gone
        case unsigned
        case unknownKey
        case staleTimestamp
        case badSignature
        case nonceReused
        case scopeMissing
        case addressNotAllowed
        case tooManyRequests
        case tooManyCalls
        case keyReused
        case writesRejected
    }

    package enum Retry: String, Sendable {
        case never
        /// The same request, signed anew where it is signed.
        case same
        case later
    }

    package let code: Code
    package let detail: String
    let headers: [HTTPField]

    init(_ code: Code, _ detail: String, headers: [HTTPField] = []) {
        self.code = code
        self.detail = detail
        self.headers = headers
    }
}

extension VenueProblem.Code {
    var status: Int {
        switch self {
        case .malformed: 400
        case .unsigned, .unknownKey, .staleTimestamp, .badSignature, .nonceReused: 401
        case .scopeMissing, .addressNotAllowed: 403
        case .noSuchPath, .noSuchMarket, .noSuchClose, .noSuchTransfer, .noSuchAccount,
            .notDisclosed:
            404
        case .methodNotAllowed: 405
        case .gone: 410
        case .keyReused: 422
        case .tooManyRequests, .tooManyCalls: 429
        case .writesRejected: 503
        }
    }

    var retry: VenueProblem.Retry {
        switch self {
        case .staleTimestamp, .nonceReused: .same
        case .noSuchClose, .noSuchTransfer, .tooManyRequests, .tooManyCalls, .writesRejected: .later
        case .noSuchPath, .methodNotAllowed, .malformed, .noSuchMarket, .gone, .unsigned,
            .unknownKey, .badSignature, .keyReused, .scopeMissing, .addressNotAllowed,
            .noSuchAccount, .notDisclosed:
            .never
        }
    }

    var title: String {
        switch self {
        case .noSuchPath: "There is nothing at this path"
        case .methodNotAllowed: "This path does not take this method"
        case .malformed: "The request does not say what it should"
        case .noSuchMarket: "There is no such market"
        case .noSuchClose: "There is no close under this key"
        case .noSuchTransfer: "There is no transfer under this key"
        case .noSuchAccount: "There is no such account"
        case .notDisclosed: "Accounts are not shown here"
        case .gone: "The stream does not reach back that far; fetch a snapshot"
        case .unsigned: "The request must be signed"
        case .unknownKey: "The key is not known here"
        case .staleTimestamp: "The timestamp is outside the window"
        case .badSignature: "The signature does not fit the request"
        case .nonceReused: "The nonce was seen before"
        case .scopeMissing: "The key may not do this"
        case .addressNotAllowed: "The key is not taken from this address"
        case .tooManyRequests: "Too many requests within the window"
        case .tooManyCalls: "Too many closes at this height"
        case .keyReused: "The key belongs to another body"
        case .writesRejected: "Writes are switched off"
        }
    }
}

extension VenueProblem {
    /// Whatever ends in a problem here changed nothing: a change is made last, or not at all.
    func response(to visit: Visit, height: UInt64, now: Instant) -> HTTPResponse {
        var json = JSONWriter()
        json.beginObject()
        json.member("height", height)
        json.member("serverTime", now)
        json.member("type", "urn:bailiff:venue:" + code.rawValue)
        json.member("title", code.title)
        json.member("status", UInt64(code.status))
        json.member("detail", detail)
        json.member("code", code.rawValue)
        json.member("outcome", "none")
        json.member("retry", code.retry.rawValue)
        json.member("requestId", visit.requestID)
        json.endObject()
        return HTTPResponse(
            status: code.status,
            headers: [HTTPField("Content-Type", "application/problem+json")] + visit.headers
                + headers,
            body: json.finish())
    }
}
