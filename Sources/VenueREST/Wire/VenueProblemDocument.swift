// What a venue says when it does not do what was asked (problem+json).

package import KeeperCodec

package struct VenueProblemDocument: Hashable, Sendable {
    /// Whether the request changed anything. A word that we do not know makes the document
    /// unreadable: money hangs on it.
    package enum Outcome: String, Hashable, Sendable {
        case none
        case applied
        case unknown
    }

    /// What the venue advises.
    package enum Retry: String, Hashable, Sendable {
        case never
        /// The same request, signed anew.
        case same
        case later
    }

    package let code: String
    package let outcome: Outcome
    package let retry: Retry
    package let detail: String

    package init(jsonBytes: [UInt8]) throws(JSONFormError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(jsonBytes)
        } catch {
            throw .malformed(error)
        }
        do {
            var document = try JSONReader(value).object()
            code = try document.string("code")
            outcome = try document.word("outcome")
            retry = try document.word("retry")
            detail = try document.optional("detail")?.freeText ?? ""
        } catch {
            throw .unexpected(error)
        }
    }
}
