import KeeperCodec
import KeeperModel

extension IntentTable {
    func write(to json: inout JSONWriter) {
        json.rows("intents", all) { open, json in
            json.member("intent", open.intent)
            json.member("state", open.state.rawValue)
            json.member("attempts", open.attempts)
            json.member("sendCount", UInt64(open.sendCount))
            json.member("unansweredCount", UInt64(open.unansweredCount))
            if let booked = open.booked { json.member("booked", booked) }
            json.member("bidHeight", open.bidHeight)
            json.member("isRecovered", open.isRecovered)
        }
    }

    init(checkpoint object: inout ObjectReader) throws(JSONReadError) {
        let rows = try object.rows("intents") { (row) throws(JSONReadError) in
            OpenIntent(
                intent: try row.value("intent"), state: try row.word("state"),
                attempts: try row.value("attempts"), sendCount: try Self.count(&row, "sendCount"),
                unansweredCount: try Self.count(&row, "unansweredCount"),
                booked: try row.valueIfPresent("booked"), bidHeight: try row.uint64("bidHeight"),
                isRecovered: try row.bool("isRecovered"))
        }
        for open in rows { self[open.intent.plan.clientID] = open }
    }

    private static func count(
        _ row: inout ObjectReader, _ name: String
    ) throws(JSONReadError) -> Int {
        try row.required(name).integer(in: 0...1_000_000_000)
    }
}

extension CoolDowns {
    func write(to json: inout JSONWriter) {
        json.rows("coolDowns", rests.keys.sorted()) { target, json in
            json.member("target", target)
            guard let rest = rests[target] else { return }
            json.member("until", rest.until)
            json.member("reason", rest.reason)
            json.member("failures", UInt64(rest.failureCount))
        }
    }

    init(checkpoint object: inout ObjectReader) throws(JSONReadError) {
        let rests: [Target: Rest] = try object.table("coolDowns") { (row) throws(JSONReadError) in
            (
                try row.value("target"),
                Rest(
                    until: try row.value("until"), reason: try row.freeText("reason"),
                    failureCount: try row.required("failures").integer(in: 0...1_000_000_000))
            )
        }
        self.init(rests: rests)
    }
}

extension HeldPlans {
    func write(to json: inout JSONWriter) {
        json.rows("held", held.keys.sorted()) { target, json in
            json.member("target", target)
            guard let held = held[target] else { return }
            json.member("deadline", held.deadline)
            json.member("isApproved", held.isApproved)
        }
    }

    init(checkpoint object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            held: try object.table("held") { (row) throws(JSONReadError) in
                (
                    try row.value("target"),
                    Held(
                        deadline: try row.value("deadline"),
                        isApproved: try row.bool("isApproved"))
                )
            })
    }
}

extension MissedCloses {
    func write(to json: inout JSONWriter) {
        json.rows("missedCounts", MissedCause.allCases.filter { counts[$0] != nil }) {
            cause, json in
            json.member("cause", cause.rawValue)
            json.member("count", counts[cause] ?? 0)
        }
        json.rows("lastWords", words.keys.sorted()) { target, json in
            json.member("target", target)
            guard let word = words[target] else { return }
            json.member("cause", word.cause.rawValue)
            json.member("number", word.number)
        }
        json.member("lastWordNumber", nextNumber)
    }

    init(checkpoint object: inout ObjectReader) throws(JSONReadError) {
        let counts: [MissedCause: UInt64] = try object.table("missedCounts") {
            (row) throws(JSONReadError) in
            (try row.word("cause"), try row.uint64("count"))
        }
        let words: [Target: Word] = try object.table("lastWords") { (row) throws(JSONReadError) in
            (
                try row.value("target"),
                Word(cause: try row.word("cause"), number: try row.uint64("number"))
            )
        }
        self.init(
            counts: counts, words: words, nextNumber: try object.uint64("lastWordNumber"))
    }
}
