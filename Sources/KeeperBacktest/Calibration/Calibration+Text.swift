package import KeeperCodec
import KeeperRuntime

extension Calibration {
    package var lines: [String] {
        var rows = [
            ["part", "", "count", "mean", "1 in 10", "half", "9 in 10", "99 in 100"]
        ]
        for part in parts {
            rows.append(["\(part.name), \(part.unit)", "recorded"] + cells(part.recorded))
            rows.append(["", "simulated"] + cells(part.simulated))
        }
        var verdicts = [["part", "distance", "bound", "verdict"]]
        for part in parts {
            verdicts.append([
                part.name, part.distance.map { decimal($0, places: 4) } ?? "-",
                part.bound.map { decimal($0, places: 4) } ?? "-", part.verdict.text,
            ])
        }
        return columns(rows) + [""] + columns(verdicts)
    }

    private func cells(_ quantiles: SampleQuantiles?) -> [String] {
        guard let quantiles else { return ["0"] }
        return [
            "\(quantiles.count)", "\(quantiles.mean)", "\(quantiles.p10)", "\(quantiles.p50)",
            "\(quantiles.p90)", "\(quantiles.p99)",
        ]
    }

    package func write(to json: inout JSONWriter) {
        json.member("hasDifference", hasDifference)
        json.key("parts")
        json.beginArray()
        for part in parts { write(part, &json) }
        json.endArray()
    }

    private func write(_ part: Part, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("part", part.name)
        json.member("unit", part.unit)
        json.member("verdict", part.verdict.text)
        if let distance = part.distance {
            json.member("distance", decimal(distance, places: 6))
        }
        if let bound = part.bound { json.member("bound", decimal(bound, places: 6)) }
        for (name, quantiles) in [("recorded", part.recorded), ("simulated", part.simulated)] {
            guard let quantiles else { continue }
            json.key(name)
            json.beginObject()
            json.member("count", UInt64(quantiles.count))
            json.member("mean", quantiles.mean)
            json.member("p10", quantiles.p10)
            json.member("p50", quantiles.p50)
            json.member("p90", quantiles.p90)
            json.member("p99", quantiles.p99)
            json.endObject()
        }
        json.endObject()
    }
}
