package import KeeperCodec
import KeeperModel
package import KeeperRuntime

/// The file of a hazard: whole numbers only, so that it reads the same everywhere.
extension CustomerHazard {
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("firstDay", UTCText.text(provenance.firstDay))
        json.member("lastDay", UTCText.text(provenance.lastDay))
        json.member("seed", provenance.seed)
        json.member("leastMovePpm", provenance.leastMovePpm)
        json.key("files")
        json.beginArray()
        for file in provenance.files {
            json.beginObject()
            json.member("name", file.name)
            json.key("sha256")
            json.hex(file.sha256)
            json.member("rows", file.rowCount)
            json.endObject()
        }
        json.endArray()
        json.write("healthEdgesPpm", bins.healthEdgesPpm)
        json.write("quietEdgesDays", bins.quietEdgesDays)
        json.key("cells")
        json.beginArray()
        for cell in cells {
            json.beginObject()
            json.member("days", cell.days)
            for (move, ppm) in zip(CustomerMove.allCases, cell.movesPpm) {
                json.member(move.rawValue, ppm)
            }
            json.endObject()
        }
        json.endArray()
        json.key("sizesPpm")
        json.beginObject()
        for (move, sizes) in zip(CustomerMove.allCases, sizesPpm) {
            json.write(move.rawValue, sizes)
        }
        json.endObject()
        json.key("score")
        score.write(to: &json)
        json.endObject()
    }

    package static func read(
        _ bytes: [UInt8], file: String
    ) throws(StartProblem) -> CustomerHazard {
        try ResearchFile.read(bytes, file: file) { json throws(JSONReadError) in
            try hazard(json)
        }
    }

    private static func hazard(_ json: JSONReader) throws(JSONReadError) -> CustomerHazard {
        var object = try json.object()
        let version = try object.required("schemaVersion")
        guard try version.uint64 == 1 else { throw version.refused("version 1") }
        let provenance = try provenance(&object)
        let edges = try object.required("healthEdgesPpm")
        let quiet = try object.required("quietEdgesDays")
        let bins = CustomerBins(
            healthEdgesPpm: try rising(edges), quietEdgesDays: try rising(quiet))
        let list = try object.required("cells")
        let cells = try list.array(countMax: 4_096) { element throws(JSONReadError) in
            try cell(element)
        }
        guard cells.count == bins.cellCount else {
            throw list.refused("\(bins.cellCount) cells, for each band of health each of quiet")
        }
        let sizes = try sizes(object.required("sizesPpm"))
        let score = try CustomerScore(object.required("score"), bandCount: bins.bandCount)
        try object.finish()
        return CustomerHazard(
            bins: bins, cells: cells, sizesPpm: sizes, provenance: provenance, score: score)
    }

    private static func provenance(
        _ object: inout ObjectReader
    ) throws(JSONReadError) -> Provenance {
        func day(_ json: JSONReader) throws(JSONReadError) -> Instant {
            guard let instant = UTCText.instant(try json.string) else {
                throw json.refused("an instant such as \"2020-12-05T00:00:00Z\"")
            }
            return instant
        }
        let (first, last) = (
            try day(object.required("firstDay")), try day(object.required("lastDay"))
        )
        let seed = try object.required("seed").uint64
        let leastMovePpm = try object.required("leastMovePpm").uint64
        let files = try object.required("files").array(countMax: 1_000) {
            element throws(JSONReadError) in
            var file = try element.object()
            let read = ImportReport.File(
                name: try file.required("name").freeText,
                sha256: try file.required("sha256").bytes(count: 32),
                rowCount: try file.required("rows").uint64)
            try file.finish()
            return read
        }
        return Provenance(
            files: files, firstDay: first, lastDay: last, seed: seed, leastMovePpm: leastMovePpm)
    }

    private static func rising(_ json: JSONReader) throws(JSONReadError) -> [UInt64] {
        let edges = try json.array(countMax: 64) { element throws(JSONReadError) in
            try element.uint64
        }
        guard !edges.isEmpty, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw json.refused("numbers that rise")
        }
        return edges
    }

    private static func cell(_ json: JSONReader) throws(JSONReadError) -> Cell {
        var object = try json.object()
        let days = try object.required("days").uint64
        var moves: [UInt64] = []
        for move in CustomerMove.allCases {
            moves.append(try object.required(move.rawValue).integer(in: UInt64(0)...1_000_000))
        }
        try object.finish()
        guard moves.reduce(0, +) <= 1_000_000 else {
            throw json.refused("moves of together no more than a million")
        }
        return Cell(days: days, movesPpm: moves)
    }

    private static func sizes(_ json: JSONReader) throws(JSONReadError) -> [[UInt64]] {
        var object = try json.object()
        var sizes: [[UInt64]] = []
        for move in CustomerMove.allCases {
            sizes.append(
                try object.required(move.rawValue).array(countMax: 1_000) {
                    element throws(JSONReadError) in
                    try element.integer(in: UInt64(1)...1_000_000)
                })
        }
        try object.finish()
        return sizes
    }
}

extension CustomerScore {
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("fittedUsers", fittedUsers)
        json.member("fittedDays", fittedDays)
        json.member("fittedMoves", fittedMoves)
        json.member("scoredUsers", scoredUsers)
        json.member("scoredDays", scoredDays)
        json.member("scoredMoves", scoredMoves)
        json.member("logLikelihoodPpm", logLikelihoodPpm)
        json.member("constantLogLikelihoodPpm", constantLogLikelihoodPpm)
        json.member("brierPpm", brierPpm)
        json.member("constantBrierPpm", constantBrierPpm)
        json.key("bands")
        json.beginArray()
        for band in bands {
            json.beginObject()
            json.member("days", band.days)
            json.member("moves", band.moves)
            json.member("expectedMilli", band.expectedMilli)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    fileprivate init(_ json: JSONReader, bandCount: Int) throws(JSONReadError) {
        var object = try json.object()
        fittedUsers = try object.required("fittedUsers").uint64
        fittedDays = try object.required("fittedDays").uint64
        fittedMoves = try object.required("fittedMoves").uint64
        scoredUsers = try object.required("scoredUsers").uint64
        scoredDays = try object.required("scoredDays").uint64
        scoredMoves = try object.required("scoredMoves").uint64
        logLikelihoodPpm = try object.required("logLikelihoodPpm").int64
        constantLogLikelihoodPpm = try object.required("constantLogLikelihoodPpm").int64
        brierPpm = try object.required("brierPpm").uint64
        constantBrierPpm = try object.required("constantBrierPpm").uint64
        let list = try object.required("bands")
        bands = try list.array(countMax: 64) { element throws(JSONReadError) in
            var band = try element.object()
            let read = Band(
                days: try band.required("days").uint64, moves: try band.required("moves").uint64,
                expectedMilli: try band.required("expectedMilli").uint64)
            try band.finish()
            return read
        }
        guard bands.count == bandCount else { throw list.refused("\(bandCount) bands") }
        try object.finish()
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ name: String, _ values: [UInt64]) {
        key(name)
        beginArray()
        for value in values { integer(value) }
        endArray()
    }
}
