package import KeeperModel

extension Journal {
    /// Of these intents, those that the journal has never heard of.
    ///
    /// A write-ahead log that was cut or taken away, and an older copy put back, leave a file that
    /// is sound in itself and merely forgetful. Who else remembers can tell: the decisions, which
    /// are written after the intents that they speak of.
    package func unknown(among intents: [ClientID]) throws(JournalError) -> [ClientID] {
        var unknown: [ClientID] = []
        for clientID in intents where try state(of: clientID) == nil { unknown.append(clientID) }
        return unknown
    }
}

extension DecisionLog {
    /// The intents whose endings were recorded last, the latest first.
    package func latestEndedIntents(countMax: Int = 1_000) throws(JournalError) -> [ClientID] {
        try read(
            "WHERE verdict >= 'ended-' AND verdict < 'ended.' ORDER BY id DESC LIMIT ?",
            [
                .integer(Int64(countMax))
            ]
        ).compactMap { decision in
            guard case .ended(let clientID, _) = decision.verdict else { return nil }
            return clientID
        }
    }
}
