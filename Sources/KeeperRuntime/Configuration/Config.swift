package import KeeperEngine
package import KeeperFeeds
package import KeeperJournal
package import KeeperModel
package import KeeperRisk
package import LiquidationRules

/// What the operator decided, read and checked once at start.
package struct Config: Sendable {
    package let venue: VenueConfig
    /// In which money plans and books are valued.
    package let unitOfAccount: AssetDescription
    package let strategies: StrategyChoice
    package let limits: RiskLimits
    package let guards: PriceGuards
    /// What assets sell for elsewhere.
    package let feeds: [AssetFeed]
    /// What the operator wants left alone.
    package let avoided: AvoidList
    /// Lines beside that of eligibility that every book watches.
    package let lines: [AccountLine]
    package let dryRun: DryRunConfig
    package let live: LiveConfig
    package let control: ControlConfig
    package let history: HistoryConfig
    package let checkpoints: CheckpointConfig
    /// Where journal and decisions are kept.
    package let stateFolder: String
    package let books: BooksConfig
    /// The text that was read, to be pinned in recordings.
    package let text: String
}

package struct VenueConfig: Sendable, Hashable {
    package let domain: DomainID
    package let url: String
    /// Other ways to the same venue, for what only reads.
    package let mirrors: [String]
}

/// Which strategies are in use, and from which folder.
package struct StrategyChoice: Sendable, Hashable {
    package let folder: String
    package let names: [StrategyName]
}

package struct DryRunConfig: Sendable, Hashable {
    /// What the keeper pretends to own of the unit of account.
    package let walletUnits: UInt64
    /// What is assumed between sending a close and its settling.
    package let latency: TimeSpan
    /// What it pretends to keep aside there.
    package let reserve: [AssetAmount]
}

/// How journal and decisions are kept.
package struct BooksConfig: Sendable, Hashable {
    /// What an intent survives before bytes leave for it.
    package let durability: Durability
    /// Decisions older than this are forgotten, and the oldest where they would take more room.
    /// Intents and ledger are kept for ever.
    package let decisionsKept: TimeSpan
    package let decisionsByteCountMax: UInt64
}

package struct LiveConfig: Sendable, Hashable {
    /// Without this, `run --live` is refused.
    package let isEnabled: Bool
    /// The name under which the venue knows the key.
    package let keyID: String
    /// Whether the loop spins instead of sleeping while a close is on the wire: some microseconds
    /// sooner, for a processor of its own.
    package let spins: Bool
    /// What holds the private half; the half itself is never in a configuration.
    package let key: KeySource
}

package enum KeySource: Hashable, Sendable {
    case file(String)
    /// A file of this name in the folder that a service supervisor made for us alone.
    case credential(String)

    /// Nil for a credential where no supervisor made a folder of them.
    package func path(_ environment: [String: String]) -> String? {
        switch self {
        case .file(let path): path
        case .credential(let name): environment["CREDENTIALS_DIRECTORY"].map { $0 + "/" + name }
        }
    }

    package var isCredential: Bool {
        guard case .credential = self else { return false }
        return true
    }
}

/// Why a configuration is refused: exit code 78.
package struct ConfigError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
