import KeeperJournal

/// `journal.sqlite` as schema 1 made it, triggers among the tables: text that never changes again,
/// so that today's program can be shown a file of yesterday's.
enum JournalSchemaVersion1 {
    static let schema = Schema(
        applicationID: 0x4261_696C, migrations: migrations, invariants: [])
    static let migrations = [intents + entries + settlements + meta]

    /// An intent's identity never changes, an ended intent never again, and no target has two open
    /// ones. Attempts and answers are only ever added.
    private static let intents =
        [
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
            CREATE TRIGGER ended_intents_stay BEFORE UPDATE ON intents WHEN OLD.state <> 'open'
            BEGIN SELECT RAISE(ABORT, 'an ended intent never changes'); END
            """,
            """
            CREATE TRIGGER intents_keep_identity BEFORE UPDATE OF
                client_id, domain, market, account, strategy, intent, created_at ON intents
            BEGIN SELECT RAISE(ABORT, 'the identity of an intent never changes'); END
            """,
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
            CREATE TRIGGER attempts_of_open_intents BEFORE INSERT ON attempts
            WHEN (SELECT state FROM intents WHERE client_id = NEW.client_id) <> 'open'
            BEGIN SELECT RAISE(ABORT, 'an ended intent is not attempted again'); END
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
        ] + ["intents", "attempts", "answers"].map(neverDeleted)
        + ["attempts", "answers"].map(neverChanged)

    /// A booked fill may be taken back by a reorganisation: then a reversal stands against it, and
    /// only then may the same intent be booked again.
    ///
    /// Double entry. An entry must have its seal by the end of the transaction, the seal is only
    /// given to what sums to zero per asset and in value, and behind it no posting is added. So an
    /// entry that does not balance cannot be committed at all.
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
            CREATE TRIGGER names_are_booked_once BEFORE INSERT ON entries
            WHEN NEW.kind <> 'reversal' AND EXISTS (
                SELECT 1 FROM entries AS earlier
                WHERE earlier.domain = NEW.domain AND earlier.kind = NEW.kind
                    AND earlier.external_id = NEW.external_id AND NOT EXISTS (
                        SELECT 1 FROM entries WHERE reverses = earlier.id)
            )
            BEGIN SELECT RAISE(ABORT, 'a name is booked once'); END
            """,
            """
            CREATE TRIGGER intents_are_booked_once BEFORE INSERT ON entries
            WHEN NEW.kind = 'close' AND EXISTS (
                SELECT 1 FROM entries AS earlier
                WHERE earlier.client_id = NEW.client_id AND earlier.kind = 'close'
                    AND NOT EXISTS (SELECT 1 FROM entries WHERE reverses = earlier.id)
            )
            BEGIN SELECT RAISE(ABORT, 'an intent is booked once'); END
            """,
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
            """
            CREATE TRIGGER only_balanced_entries_are_sealed BEFORE INSERT ON seals
            WHEN EXISTS (
                SELECT 1 FROM postings WHERE entry = NEW.entry
                GROUP BY asset HAVING sum256(amount) <> zeroblob(32)
            ) OR (
                SELECT sum256(value) FROM postings WHERE entry = NEW.entry
            ) <> zeroblob(32)
            BEGIN SELECT RAISE(ABORT, 'the postings of an entry sum to zero'); END
            """,
            """
            CREATE TRIGGER sealed_entries_are_complete BEFORE INSERT ON postings
            WHEN EXISTS (SELECT 1 FROM seals WHERE entry = NEW.entry)
            BEGIN SELECT RAISE(ABORT, 'a sealed entry takes no posting'); END
            """,
        ] + ["entries", "seals", "postings"].flatMap { [neverDeleted($0), neverChanged($0)] }

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
        """,
        neverDeleted("settlements"), neverChanged("settlements"),
    ]

    private static let meta = [
        """
        CREATE TABLE meta (
            key TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]

    private static func neverDeleted(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_are_never_deleted BEFORE DELETE ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) are never deleted'); END
        """
    }

    private static func neverChanged(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_are_never_changed BEFORE UPDATE ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) are never changed'); END
        """
    }
}
