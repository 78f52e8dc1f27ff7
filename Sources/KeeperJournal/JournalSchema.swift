/// The tables of `journal.sqlite`. What must always hold is said in their constraints and, across
/// rows, in the triggers of `JournalInvariants`, so that no code path can write anything else. A
/// released migration never changes: later ones are added behind it.
package enum JournalSchema {
    package static let schema = Schema(
        applicationID: 0x4261_696C,
        migrations: [intents + entries + settlements + meta, periods, transfers],
        invariants: JournalInvariants.triggers)

    /// No target has two open intents.
    private static let intents = [
        """
        CREATE TABLE intents (
            client_id TEXT NOT NULL PRIMARY KEY,
            domain TEXT NOT NULL,
            market TEXT NOT NULL,
            account TEXT NOT NULL,
            strategy TEXT NOT NULL,
            intent TEXT NOT NULL CHECK (intent GLOB '{*}'),
            created_at INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'open'
                CHECK (state IN ('open', 'won', 'refused', 'voided', 'cancelled',
                    'reverted', 'withdrawn')),
            label TEXT,
            ending TEXT CHECK (ending IS NULL OR ending GLOB '{*}'),
            ended_at INTEGER,
            CHECK ((state = 'open') = (label IS NULL)),
            CHECK ((state = 'open') = (ending IS NULL)),
            CHECK ((state = 'open') = (ended_at IS NULL))
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE UNIQUE INDEX one_open_intent_per_target
            ON intents (domain, market, account) WHERE state = 'open'
        """,
        "CREATE INDEX intents_by_time ON intents (created_at)",
        "CREATE INDEX intents_by_end ON intents (ended_at)",
        """
        CREATE TABLE attempts (
            client_id TEXT NOT NULL REFERENCES intents (client_id),
            number INTEGER NOT NULL CHECK (number >= 1),
            lane TEXT NOT NULL,
            terms TEXT NOT NULL CHECK (terms GLOB '{*}'),
            bytes BLOB NOT NULL,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            created_at INTEGER NOT NULL,
            PRIMARY KEY (client_id, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE answers (
            id INTEGER PRIMARY KEY,
            client_id TEXT NOT NULL REFERENCES intents (client_id),
            answer TEXT NOT NULL CHECK (answer GLOB '{*}'),
            answered_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX answers_by_intent ON answers (client_id)",
    ]

    /// An entry must have its seal by the end of the transaction. A booked fill may be taken back
    /// by a reorganisation: then a reversal stands against it.
    private static let entries =
        [
            """
            CREATE TABLE entries (
                id INTEGER PRIMARY KEY REFERENCES seals (entry) DEFERRABLE INITIALLY DEFERRED,
                domain TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (
                    kind IN ('close', 'reversal', 'opening', 'transfer', 'adjustment')),
                external_id TEXT NOT NULL,
                client_id TEXT REFERENCES intents (client_id),
                reverses INTEGER UNIQUE REFERENCES entries (id),
                content TEXT NOT NULL CHECK (content GLOB '{*}'),
                occurred_at INTEGER NOT NULL,
                booked_at INTEGER NOT NULL,
                CHECK ((kind IN ('close', 'reversal')) = (client_id IS NOT NULL)),
                CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
            ) STRICT
            """,
            "CREATE INDEX entries_by_name ON entries (domain, kind, external_id)",
            "CREATE INDEX entries_by_intent ON entries (client_id)",
            """
            CREATE TABLE seals (
                entry INTEGER PRIMARY KEY REFERENCES entries (id)
            ) STRICT
            """,
            """
            CREATE TABLE postings (
                entry INTEGER NOT NULL REFERENCES entries (id),
                line INTEGER NOT NULL,
                account TEXT NOT NULL,
                asset TEXT NOT NULL,
                cause TEXT NOT NULL,
                amount BLOB NOT NULL CHECK (length(amount) = 32),
                value BLOB NOT NULL CHECK (length(value) = 32),
                PRIMARY KEY (entry, line)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX postings_by_account ON postings (account, asset)",
        ]

    /// Settlements of the venue that were booked, as they were when they were booked.
    private static let settlements = [
        """
        CREATE TABLE settlements (
            domain TEXT NOT NULL,
            id TEXT NOT NULL,
            revision TEXT NOT NULL,
            entry INTEGER NOT NULL REFERENCES entries (id),
            keeper TEXT NOT NULL,
            keeper_units BLOB NOT NULL CHECK (length(keeper_units) = 32),
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            PRIMARY KEY (domain, id, revision, entry)
        ) STRICT, WITHOUT ROWID
        """
    ]

    private static let meta = [
        """
        CREATE TABLE meta (
            key TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// Which intent an entry of kind `transfer` belongs to. A transfer is no close, so it has no
    /// client id among the entries; what owners brought or took has none here either.
    private static let transfers = [
        """
        CREATE TABLE transfers (
            entry INTEGER PRIMARY KEY REFERENCES entries (id),
            client_id TEXT NOT NULL REFERENCES intents (client_id)
        ) STRICT
        """,
        "CREATE INDEX transfers_by_intent ON transfers (client_id)",
    ]

    /// Months that an accountant has closed, each chained to the one before. The first reaches back
    /// to the beginning.
    private static let periods = [
        """
        CREATE TABLE periods (
            number INTEGER PRIMARY KEY CHECK (number >= 1),
            month TEXT NOT NULL UNIQUE
                CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
            starts_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL CHECK (ends_at > starts_at),
            entry_count INTEGER NOT NULL CHECK (entry_count >= 0),
            previous BLOB NOT NULL CHECK (length(previous) = 32),
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            closed_at INTEGER NOT NULL CHECK (closed_at >= ends_at)
        ) STRICT
        """,
        "CREATE INDEX entries_by_time ON entries (occurred_at)",
    ]
}
