package import KeeperJournal
import KeeperModel

/// Whether books can be trusted: sound in themselves, and no more forgetful than the decisions that
/// were written after them.
package struct BooksCheck: Sendable {
    /// A sentence each; none where all is well.
    package let problems: [String]

    package init(_ journal: Journal, _ decisions: DecisionLog) throws(JournalError) {
        let forgotten = try journal.unknown(among: decisions.latestEndedIntents())
        problems =
            try journal.findDamage()
            + forgotten.map { clientID in
                "the decisions know how \(clientID) ended, and the journal has never heard of it: "
                    + "an older copy was put back, or the end of its log is gone"
            }
    }
}
