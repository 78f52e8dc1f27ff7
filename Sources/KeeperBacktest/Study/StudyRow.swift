package import KeeperCodec
package import WideMath

/// What came of one strategy over one window: a row of a study's table. It is known by its text
/// alone, so that a row that was kept and one that was just made cannot differ.
package struct StudyRow: Equatable, Sendable {
    /// Of one number of rivals, what the table says.
    package struct Level: Equatable, Sendable {
        package let wonCount: UInt64
        package let lostCount: UInt64
        package let netUnits: Int256
        package let isReconciled: Bool
    }

    package let window: String
    package let strategy: String
    package let parts: [ModelPart]
    package let levels: [Level]
    /// Nil where there is no headline.
    package let headline: ClosedRange<Int256>?
    /// All figures, as they are printed with --json.
    package let result: JSONValue

    /// The text of a row, from what a pass found.
    static func text(
        window: String, _ band: BacktestBand, _ parts: [ModelPart], rivals: RivalModel
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        writeOrigin(window, parts, to: &json)
        json.key("result")
        band.write(to: &json, rivals: rivals)
        json.endObject()
        return json.finish()
    }

    /// Of what the row is and what it rests on.
    private static func writeOrigin(
        _ window: String, _ parts: [ModelPart], to json: inout JSONWriter
    ) {
        json.member("window", window)
        json.key("parts")
        json.beginArray()
        for part in parts { part.write(to: &json) }
        json.endArray()
    }

    package var isReconciled: Bool { levels.allSatisfy(\.isReconciled) }
}

extension StudyRow: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        window = try object.required("window").string
        parts = try object.required("parts").array { (part) throws(JSONReadError) in
            try ModelPart(part)
        }
        let result = try object.required("result")
        self.result = result.value
        try object.finish()
        var band = try result.object()
        strategy = try band.required("strategy").string
        let lowest = try band.optional("netLowest")?.int256
        let highest = try band.optional("netHighest")?.int256
        levels = try band.required("levels").array { (level) throws(JSONReadError) in
            var level = try level.object()
            return Level(
                wonCount: try level.required("closesWon").uint64,
                lostCount: try level.required("closesOfOthers").uint64,
                netUnits: try level.required("net").int256,
                isReconciled: try level.required("isReconciled").bool)
        }
        switch (lowest, highest) {
        case (let lowest?, let highest?) where lowest <= highest: headline = lowest...highest
        case (nil, nil): headline = nil
        default: throw result.refused("a lowest net and a highest one")
        }
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        Self.writeOrigin(window, parts, to: &json)
        json.member("result", result)
        json.endObject()
    }
}
