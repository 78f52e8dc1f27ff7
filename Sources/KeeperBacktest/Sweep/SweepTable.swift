import KeeperCodec
package import KeeperModel
import KeeperRuntime
package import WideMath

/// What a sweep found: every point with what it earned where it could be chosen and, beside it,
/// where it was judged. Each step's choice is the best in its own past; what that choice earned
/// afterwards is the only figure that says something about tomorrow.
package struct SweepTable: Sendable {
    package struct Choice: Hashable, Sendable {
        package let point: Int
        package let inSampleUnits: Int256
        package let outOfSampleUnits: Int256
    }

    package let scores: [SweepScore]
    package let labels: [Int: String]
    /// The best of each step, ties by the point's number.
    package let choices: [Choice]

    package init(_ scores: [SweepScore], labels: [Int: String]) {
        self.scores = scores.sorted { $0.point < $1.point }
        self.labels = labels
        let stepCount = scores.first?.steps.count ?? 0
        choices = (0..<stepCount).compactMap { step in
            let best = scores.max { one, other in
                let (left, right) = (one.steps[step].inSampleUnits, other.steps[step].inSampleUnits)
                return left != right ? left < right : one.point > other.point
            }
            return best.map { best in
                Choice(
                    point: best.point, inSampleUnits: best.steps[step].inSampleUnits,
                    outOfSampleUnits: best.steps[step].outOfSampleUnits)
            }
        }
    }

    private func sums(_ score: SweepScore) -> (inSample: Int256, outOfSample: Int256) {
        score.steps.reduce((.zero, .zero)) {
            ($0.0 + $1.inSampleUnits, $0.1 + $1.outOfSampleUnits)
        }
    }

    package func lines(_ unit: AssetDescription) -> [String] {
        let money = MoneyText(unit)
        var rows = [["point", "in sample", "out of sample", "won", "closes"]]
        for score in scores {
            let (inSample, outOfSample) = sums(score)
            rows.append([
                "\(score.point)  \(labels[score.point] ?? "")", money.number(inSample),
                money.number(outOfSample), "\(score.wonCount)", "\(score.closeCount)",
            ])
        }
        var chosen = [["step", "in sample", "out of sample"]]
        for (index, choice) in choices.enumerated() {
            chosen.append([
                "\(index + 1)  point \(choice.point)", money.number(choice.inSampleUnits),
                money.number(choice.outOfSampleUnits),
            ])
        }
        return columns(rows) + ["", "the best of each step, and what became of it"]
            + columns(chosen)
            + ["", "tried \(scores.count) configurations, in \(unit.asset)"]
    }

    package var jsonText: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("tried", UInt64(scores.count))
        json.key("points")
        json.beginArray()
        for score in scores {
            json.beginObject()
            json.member("label", labels[score.point] ?? "")
            json.key("score")
            score.write(to: &json)
            json.endObject()
        }
        json.endArray()
        json.key("choices")
        json.beginArray()
        for choice in choices {
            json.beginObject()
            json.member("point", UInt64(choice.point))
            json.member("inSample", choice.inSampleUnits)
            json.member("outOfSample", choice.outOfSampleUnits)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
