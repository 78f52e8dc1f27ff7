import KeeperModel
import VenueSimulator

/// What happened over one run or many, counted by kind and name, and what never did.
package struct Coverage: Hashable, Sendable {
    package enum Topic: String, Hashable, Comparable, Sendable, CaseIterable {
        case states = "states of intents"
        case transitions = "transitions of intents"
        case verdicts
        case refusals
        case troubles
        case questions = "replies to questions"
        case stalls = "how a domain stalled"
        case closes = "closes at the venue"
        case ownCloses = "closes of ours"
        case acts = "acts of others"
        case missed = "closes missed"
        case transfers = "transfers between purses"

        package static func < (left: Topic, right: Topic) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    private var counts: [Topic: [String: UInt64]] = [:]

    package init() {}

    package mutating func note(_ topic: Topic, _ name: String, times: UInt64 = 1) {
        counts[topic, default: [:]][name, default: 0] += times
    }

    package mutating func merge(_ other: Coverage) {
        for topic in other.counts.keys.sorted() {
            counts[topic, default: [:]].merge(other.counts[topic] ?? [:], uniquingKeysWith: +)
        }
    }

    package func rows(of topic: Topic) -> [(name: String, count: UInt64)] {
        (counts[topic] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    package func count(_ topic: Topic, _ name: String) -> UInt64 { counts[topic]?[name] ?? 0 }

    /// What can happen by name and never did, where all names are known.
    package var neverSeen: [(topic: Topic, name: String)] {
        Topic.allCases.flatMap { topic in
            Self.known(topic).filter { count(topic, $0) == 0 }.map { (topic, $0) }
        }
    }

    /// What a long run has to have met, or it shows nothing.
    package var missingMustHaves: [(topic: Topic, name: String)] {
        Self.mustHaves.filter { count($0.topic, $0.name) == 0 }
    }

    // MARK: Names

    private static let intentStates = [
        "persisting", "asking", "sent", "unknown", "looking-up", "voiding", "pending", "booked",
        "being-cancelled",
    ]

    private static let closeShapes = [
        "lending lending", "margin margin", "morphoBlue lending", "euler lending",
        "compound push", "compound purchase", "maker push", "maker purchase", "liquityV1 push",
        "liquityV2 push",
    ]

    private static func known(_ topic: Topic) -> [String] {
        switch topic {
        case .states: intentStates
        case .transitions: []
        case .verdicts:
            [
                "eligible", "recovered", "foreseen", "proposed", "ended-won", "ended-voided",
                "ended-cancelled",
            ]
                + ["ended-withdrawn"] + SkipReason.allCases.map { "skipped-" + $0.rawValue }
        case .refusals: RefusalClass.allCases.map(\.rawValue)
        case .troubles: Trouble.allCases.map(\.rawValue)
        case .questions: ["would settle"]
        case .stalls: DomainStall.Kind.allCases.map(\.rawValue)
        case .closes, .ownCloses: closeShapes
        case .acts:
            CustomerAct.allCases.map { "customer " + $0.rawValue }
                + RivalKind.allCases.map { $0.name + " closed" }
        case .missed: MissedCause.allCases.map(\.rawValue)
        case .transfers: TransferDirection.allCases.map(\.rawValue)
        }
    }

    /// Not what only a person or a configuration brings about, and not what the keeper's own care
    /// makes rare.
    private static let mustHaves: [(topic: Topic, name: String)] =
        intentStates.map { (.states, $0) }
        + Trouble.allCases.map { (.troubles, $0.rawValue) }
        + DomainStall.Kind.allCases.map { (.stalls, $0.rawValue) }
        // Nobody is paid for absorbing alone.
        + closeShapes.filter { $0 != "compound push" }.map { (.closes, $0) }
        + RivalKind.allCases.map { (.acts, $0.name + " closed") }
        + CustomerAct.allCases.map { (.acts, "customer " + $0.rawValue) }
        + ["not-seen", "seen-late", "below-floor", "no-funds", "held-back"].map { (.missed, $0) }
        + [(.questions, "would settle")]
        + TransferDirection.allCases.map { (.transfers, $0.rawValue) }
        + [
            "foreseen", "ended-won", "ended-voided", "ended-withdrawn",
            "skipped-below-floor", "skipped-no-funds",
            "skipped-price-uncertain", "skipped-accounts-uncertain", "skipped-cool-down",
            "skipped-market-switched", "skipped-refused-by-risk",
            "skipped-no-depth", "skipped-listed", "skipped-prices-part", "skipped-held",
        ].map { (.verdicts, $0) }
        + ["staleVersion", "unknownAccount", "expired", "healthy", "marketClosed", "rateLimited"]
        .map { (.refusals, $0) }
}
