// What a venue says of one close: to the request that made it, to a look-up and to a void.

package import KeeperCodec
package import KeeperModel

package struct CloseDocument: Hashable, Sendable {
    package let height: UInt64
    package let clientID: ClientID
    package let answer: CloseAnswer
    /// The venue's, one for each settlement of a receipt, in its order; empty where it signs none.
    package let settlementSignatures: [[UInt8]]

    package init(jsonBytes: [UInt8]) throws(JSONFormError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(jsonBytes)
        } catch {
            throw .malformed(error)
        }
        do {
            var document = try JSONReader(value).object()
            height = try document.uint64("height")
            clientID = try document.value("clientId")
            answer = try document.value("answer")
            settlementSignatures =
                try document.optional("settlementSignatures")?.array(countMax: 4_096) {
                    (json) throws(JSONReadError) in try json.bytes(count: 64)
                } ?? []
        } catch {
            throw .unexpected(error)
        }
    }
}
