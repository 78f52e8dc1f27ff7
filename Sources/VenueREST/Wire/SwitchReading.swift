// What a venue says of its markets' states. A word that we do not know is a state in which we close
// nothing: the market stands still for us, and the others go on.

import KeeperCodec
import KeeperModel

extension MarketSwitch {
    init(published reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        let (state, unknown) = try MarketState.known(object.required("state"))
        let said: String? = try object.optional("reason")?.freeText
        self.init(
            market: try object.value("market"), isClosable: state?.takesCloses ?? false,
            closableFrom: try object.valueIfPresent("closableFrom"),
            implementation: try object.optional("implementation")?.freeText ?? "",
            reason: unknown ?? said ?? "", state: state,
            sinceHeight: try object.optional("sinceHeight")?.uint64,
            next: try object.optional("next").map { (next) throws(JSONReadError) in
                try AnnouncedState(published: next)
            })
    }

    /// As if the venue had no switches: nothing of it need be handed on.
    var saysNothing: Bool {
        state == .open && next == nil && closableFrom == nil
    }
}

extension AnnouncedState {
    fileprivate init(published reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        let (state, unknown) = try MarketState.known(object.required("state"))
        let said: String? = try object.optional("reason")?.freeText
        self.init(
            state: state, effectiveHeight: try object.uint64("effectiveHeight"),
            reason: unknown ?? said ?? "")
    }
}

extension MarketState {
    fileprivate static func known(
        _ reader: JSONReader
    ) throws(JSONReadError) -> (state: MarketState?, unknown: String?) {
        let word = try reader.freeText
        guard let state = MarketState(rawValue: word) else {
            return (nil, "a state that we do not know: '\(word.prefix(40))'")
        }
        return (state, nil)
    }
}
