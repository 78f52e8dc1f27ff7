package import KeeperJournal
package import KeeperModel

/// What a person told a keeper not to do, kept in the journal: a keeper that was paused and then
/// started anew stays paused.
package struct StandingPauses: Hashable, Sendable {
    /// Nothing new anywhere.
    package var isEverywhere: Bool
    /// In the order of the configuration. A venue that went from it and came back is as it was.
    package var domains: [DomainID]

    package init(isEverywhere: Bool = false, domains: [DomainID] = []) {
        self.isEverywhere = isEverywhere
        self.domains = domains
    }

    package init(in journal: Journal, of domains: [DomainID]) throws(JournalError) {
        isEverywhere = try journal.metaValue(Self.key(nil)) != nil
        self.domains = []
        for domain in domains where try journal.metaValue(Self.key(domain)) != nil {
            self.domains.append(domain)
        }
    }

    /// At one venue, or everywhere where none is named.
    package static func keep(
        _ isPaused: Bool, at domain: DomainID?, in journal: Journal
    ) throws(JournalError) {
        try journal.setMetaValue(key(domain), isPaused ? "true" : nil)
    }

    private static func key(_ domain: DomainID?) -> String {
        domain.map { "paused.\($0)" } ?? "paused"
    }
}
