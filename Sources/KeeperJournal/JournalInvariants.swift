/// What must hold across rows, whatever code writes them.
enum JournalInvariants {
    static let triggers = intents + bookings + seals + periods + histories

    /// An intent's identity never changes, and an ended intent never again.
    private static let intents = [
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
        CREATE TRIGGER attempts_of_open_intents BEFORE INSERT ON attempts
        WHEN (SELECT state FROM intents WHERE client_id = NEW.client_id) <> 'open'
        BEGIN SELECT RAISE(ABORT, 'an ended intent is not attempted again'); END
        """,
    ]

    /// A name is booked once and an intent is booked once, until a reversal takes it back.
    private static let bookings = [
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
        CREATE TRIGGER transfers_are_booked_once BEFORE INSERT ON transfers
        WHEN EXISTS (
            SELECT 1 FROM transfers AS earlier
            WHERE earlier.client_id = NEW.client_id
                AND NOT EXISTS (SELECT 1 FROM entries WHERE reverses = earlier.entry)
        ) OR (SELECT kind FROM entries WHERE id = NEW.entry) IS NOT 'transfer'
        BEGIN SELECT RAISE(ABORT, 'a transfer is booked once'); END
        """,
    ]

    /// Double entry: a seal is only given to what sums to zero per asset and in value, and behind
    /// it no posting is added. So an entry that does not balance cannot be committed at all.
    private static let seals = [
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
    ]

    /// A closed period takes no entry, and periods follow each other without a hole.
    private static let periods = [
        """
        CREATE TRIGGER closed_periods_take_no_entry BEFORE INSERT ON entries
        WHEN NEW.occurred_at < (SELECT max(ends_at) FROM periods)
        BEGIN SELECT RAISE(ABORT, 'the period is closed'); END
        """,
        """
        CREATE TRIGGER periods_follow_each_other BEFORE INSERT ON periods
        WHEN NEW.number <> (SELECT count(*) + 1 FROM periods) OR EXISTS (
            SELECT 1 FROM periods WHERE number = NEW.number - 1
                AND (ends_at <> NEW.starts_at OR sha256 <> NEW.previous)
        )
        BEGIN SELECT RAISE(ABORT, 'a period follows the one before it'); END
        """,
    ]

    /// Rows that tell what happened are only ever added.
    private static let histories =
        [
            "intents", "attempts", "answers", "entries", "seals", "postings", "settlements",
            "periods", "transfers",
        ].map(Schema.neverDeleted)
        + [
            "attempts", "answers", "entries", "seals", "postings", "settlements", "periods",
            "transfers",
        ].map(Schema.neverChanged)
}
