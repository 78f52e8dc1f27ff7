import KeeperCodec
import KeeperModel
package import KeeperRuntime

/// Reads a sweep file: JSON with comments, every key known.
package enum SweepFile {
    package static func read(_ bytes: [UInt8], file: String) throws(StartProblem) -> SweepPlan {
        try ResearchFile.read(bytes, file: file, plan)
    }

    private static func plan(_ reader: JSONReader) throws(JSONReadError) -> SweepPlan {
        var object = try reader.object()
        let name = try object.required("sweep").string
        let recording = try object.required("recording").string
        let strategy = try object.required("strategy").identifier(as: StrategyName.self)
        let search = try search(object.required("search"))
        let vary = try object.required("vary")
        let axes = try axes(vary)
        let stepCount = try object.optional("walkForward")?.integer(in: 1...1_000) ?? 1
        try object.finish()
        let plan = SweepPlan(
            name: name, recording: recording, strategy: strategy, search: search, axes: axes,
            stepCount: stepCount)
        guard let count = plan.gridCount else {
            throw vary.refused("fewer combinations: these axes have more than can be counted")
        }
        if case .grid = search, count > SweepPlan.pointsMax {
            throw vary.refused(
                "at most \(SweepPlan.pointsMax) combinations; these axes have \(count); "
                    + "a random search may draw from as many")
        }
        return plan
    }

    private static func search(_ reader: JSONReader) throws(JSONReadError) -> SweepPlan.Search {
        if case .string = reader.value {
            return try reader.choice(["grid": .grid])
        }
        var object = try reader.object()
        let count = try object.required("random").integer(in: 1...SweepPlan.pointsMax)
        let seed = try object.required("seed").uint64
        try object.finish()
        return .random(count: count, seed: seed)
    }

    private static func axes(_ reader: JSONReader) throws(JSONReadError) -> [SweepPlan.Axis] {
        var object = try reader.object()
        var axes: [SweepPlan.Axis] = []
        for (key, values) in object.entries() {
            let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count > 1, let root = SweepPlan.Axis.Root(rawValue: parts[0]) else {
                throw values.refused("a name such as strategy.size or config.dryRun.latency")
            }
            let texts = try values.array(countMax: 10_000).map {
                String(decoding: $0.value.canonicalBytes, as: UTF8.self)
            }
            guard !texts.isEmpty, Set(texts).count == texts.count else {
                throw values.refused("one value or more, none of them twice")
            }
            axes.append(SweepPlan.Axis(root: root, keys: Array(parts.dropFirst()), values: texts))
        }
        guard !axes.isEmpty else { throw reader.refused("something to vary") }
        return axes
    }
}
