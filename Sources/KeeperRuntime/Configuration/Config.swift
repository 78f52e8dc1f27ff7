package import KeeperCodec
package import KeeperEngine
package import KeeperFeeds
package import KeeperJournal
package import KeeperModel
package import KeeperRisk
package import LiquidationRules

/// What the operator decided, read and checked once at start.
package struct Config: Sendable {
    /// In the order of the configuration; each a domain of the engine.
    package let venues: [VenueConfig]
    /// In which money plans and books are valued.
    package let unitOfAccount: AssetDescription
    package let strategies: StrategyChoice
    package let limits: RiskLimits
    package let guards: PriceGuards
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
    /// What assets sell for elsewhere, held against this venue's prices.
    package let feeds: [AssetFeed]
    /// The name under which this venue knows the key.
    package let keyID: String
    package let key: KeySource
    /// What a dry run pretends to own there, and to keep aside.
    package let dryWallet: [AssetAmount]
    package let dryReserve: [AssetAmount]
    /// What is assumed there between sending a close and its settling.
    package let dryLatency: TimeSpan
}

extension VenueConfig {
    /// Nothing is planned there that rests on these without a fresh price from elsewhere.
    var assetsNeeded: Set<AssetID> {
        Set(feeds.filter { $0.whenLost == .refuse }.map(\.asset))
    }
}

extension Config {
    /// For what plays one venue, and has refused a configuration of several before.
    package var venue: VenueConfig {
        precondition(venues.count == 1, "Who plays one venue has refused several")
        return venues[0]
    }

    var assetsNeeded: [DomainID: Set<AssetID>] {
        Dictionary(uniqueKeysWithValues: venues.map { ($0.domain, $0.assetsNeeded) })
    }

    package var hasSeveralVenues: Bool { venues.count > 1 }

    package func venue(of domain: DomainID) -> VenueConfig? {
        venues.first { $0.domain == domain }
    }

    /// For people, in the order of the configuration.
    package var venueNames: String { venues.map(\.domain.text).joined(separator: ", ") }
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

package struct KeySource: Hashable, Sendable {
    private enum Place: Hashable {
        case file(String)
        /// A file of this name in the folder that a service supervisor made for us alone.
        case credential(String)
    }

    private let place: Place
    /// What the file holds, and how requests are signed by it.
    package let scheme: SigningScheme

    package static func file(_ path: String, _ scheme: SigningScheme = .ed25519) -> KeySource {
        KeySource(place: .file(path), scheme: scheme)
    }

    package static func credential(
        _ name: String, _ scheme: SigningScheme = .ed25519
    ) -> KeySource {
        KeySource(place: .credential(name), scheme: scheme)
    }

    /// Nil for a credential where no supervisor made a folder of them.
    package func path(_ environment: [String: String]) -> String? {
        switch place {
        case .file(let path): path
        case .credential(let name): environment["CREDENTIALS_DIRECTORY"].map { $0 + "/" + name }
        }
    }

    package var isCredential: Bool {
        guard case .credential = place else { return false }
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
