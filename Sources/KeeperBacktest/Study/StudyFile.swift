import KeeperCodec
import KeeperModel
package import KeeperRuntime

/// Reads a study file.
package enum StudyFile {
    package static func read(_ bytes: [UInt8], file: String) throws(StartProblem) -> StudyPlan {
        try ResearchFile.read(bytes, file: file, plan)
    }

    private static func plan(_ reader: JSONReader) throws(JSONReadError) -> StudyPlan {
        var object = try reader.object()
        let name = try object.required("study").string
        let stage = try object.required("stage").string
        let mode: RivalMode = try object.required("rivals").choice(RivalMode.byWord)
        let against = try object.required("against")
        let counts = try against.array(countMax: 100) {
            (count) throws(JSONReadError) in try count.integer(in: 0...1_000)
        }
        let seed = try object.required("seed").uint64
        let depth = try object.optional("depth").map(depth)
        let list = try object.required("windows")
        let windows = try list.array(countMax: StudyPlan.windowsMax, of: window)
        try object.finish()
        let rivals = RivalModel(mode: mode, counts: Set(counts).sorted(), seed: seed)
        guard rivals.hasRivals else {
            throw against.refused("a number above 0: a net without rivals is no result")
        }
        guard Set(windows.map(\.name)).count == windows.count else {
            throw list.refused("windows of which each has a name of its own")
        }
        return StudyPlan(
            name: name, stage: stage, rivals: rivals, books: depth?.books ?? [],
            depthScalePpm: depth?.scalePpm ?? StageDepth.wholePpm, windows: windows)
    }

    private static func depth(
        _ reader: JSONReader
    ) throws(JSONReadError) -> (books: [StudyPlan.Import], scalePpm: UInt64) {
        var object = try reader.object()
        let scale = object.optional("scale")
        let scalePpm = try scale?.quotedDecimal(scale: 6, as: UInt64.self) ?? StageDepth.wholePpm
        let books = try object.required("books").array(countMax: 100) {
            (reader) throws(JSONReadError) in
            var object = try reader.object()
            var wish = ImportWish()
            wish.asset = try object.required("asset").identifier(as: AssetID.self)
            wish.assetDecimals = try object.required("decimals").integer(in: UInt8(0)...18)
            let files = try object.required("files").array(countMax: 1_000) {
                (file) throws(JSONReadError) in try file.string
            }
            try object.finish()
            return StudyPlan.Import(kind: .books, wish: wish, files: files)
        }
        try object.finish()
        guard StageDepth.scalesPpm.contains(scalePpm) else {
            throw (scale ?? reader).refused("a scale above 0 and up to 1000")
        }
        return (books, scalePpm)
    }

    private static func window(_ reader: JSONReader) throws(JSONReadError) -> StudyPlan.Window {
        var object = try reader.object()
        let name = try object.required("window").string
        let imports = try object.required("imports").array(countMax: 100, of: oneImport)
        try object.finish()
        return StudyPlan.Window(name: name, imports: imports)
    }

    private static func oneImport(_ reader: JSONReader) throws(JSONReadError) -> StudyPlan.Import {
        var object = try reader.object()
        let place = try object.required("kind")
        let kind: ImportKind = try place.choice([
            "klines": .klines, "trades": .trades, "rounds": .rounds, "gas": .gas,
            "liquidations": .liquidations,
        ])
        var wish = ImportWish()
        wish.asset = try object.optional("asset")?.identifier(as: AssetID.self)
        let files = try object.required("files").array(countMax: 1_000) {
            (file) throws(JSONReadError) in try file.string
        }
        try object.finish()
        guard kind.layout(wish) != nil else {
            throw place.refused("a kind that needs no asset, or an asset beside it")
        }
        return StudyPlan.Import(kind: kind, wish: wish, files: files)
    }
}
