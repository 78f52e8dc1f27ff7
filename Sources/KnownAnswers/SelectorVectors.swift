import KeeperCodec

/// The list beside the sections: signatures of contracts, each with the first bytes of its hash, or
/// all of them where it is an event.
enum SelectorList {
    static let name = "selectors"

    static func outcome(of entry: JSONReader) -> VectorOutcome {
        var id = "\(entry.path)"
        do {
            var object = try entry.object()
            let signature = try object.required("signature").string
            id = signature
            let function = try ABIFunction(signature)
            let isEvent = try object.required("kind").string == "event"
            let hash = Keccak256.hash(function.signature)
            let key = isEvent ? "topic0" : "selector"
            let expected = JSONValue.object([JSONMember(key, try object.required(key).value)])
            let text = "0x" + Hex.encode(isEvent ? hash : function.selector)
            let actual = JSONValue.object([JSONMember(key, .string(text))])
            return VectorOutcome(
                section: name, id: id,
                verdict: VectorComparison.exact.verdict(expected: expected, actual: actual))
        } catch {
            return VectorOutcome(section: name, id: id, verdict: .notUnderstood("\(error)"))
        }
    }
}
