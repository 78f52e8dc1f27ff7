import KeeperModel

/// Several closes in one plan: `{"kind": "sequence", "steps": [{…}, {…}]}`, each step with the
/// members of a lending close.
extension CloseAction {
    /// More steps than any plan of ours has, and few enough for a venue to settle at once.
    private static var stepsMax: Int { 4 }

    /// What `kind` says: a sequence is of the kind of its steps, and of another shape.
    var nameInJSON: String {
        if case .sequence = self { return "sequence" }
        return kind.rawValue
    }

    static func steps(_ object: inout ObjectReader) throws(JSONReadError) -> [LendingClose] {
        let steps = try object.required("steps")
        let closes = try steps.array(countMax: stepsMax) { reader throws(JSONReadError) in
            var step = try reader.object()
            let close = try LendingClose(&step)
            try step.finish()
            return close
        }
        guard closes.count >= 2 else { throw steps.refused("at least two steps") }
        return closes
    }

    static func write(_ steps: [LendingClose], to json: inout JSONWriter) {
        json.key("steps")
        json.beginArray()
        for step in steps {
            json.beginObject()
            step.writeMembers(to: &json)
            json.endObject()
        }
        json.endArray()
    }
}
