package import KeeperModel

/// Accounts, assets and markets that the operator wants left alone, each with a reason.
package struct AvoidList: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case account(AccountID)
        case asset(AssetID)
        case market(MarketID)
    }

    package struct Entry: Hashable, Sendable {
        package let subject: Subject
        package let reason: String
        /// Nil for an entry that stays.
        package let until: Instant?

        package init(_ subject: Subject, reason: String, until: Instant?) {
            self.subject = subject
            self.reason = reason
            self.until = until
        }
    }

    private let entries: [Entry]

    package init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    /// The first entry that is in force and speaks of the target or of what it holds and owes.
    func entry(about target: Target, assets: [AssetID], at now: Instant) -> Entry? {
        entries.first { entry in
            if let until = entry.until, until <= now { return false }
            return switch entry.subject {
            case .account(let account): account == target.account
            case .asset(let asset): assets.contains(asset)
            case .market(let market): market == target.market
            }
        }
    }
}

extension AvoidList.Entry {
    var facts: [DecisionFact] {
        let name =
            switch subject {
            case .account(let account): "account \(account)"
            case .asset(let asset): "asset \(asset)"
            case .market(let market): "market \(market)"
            }
        return [DecisionFact("listed", name), DecisionFact("reason", reason)]
    }
}
