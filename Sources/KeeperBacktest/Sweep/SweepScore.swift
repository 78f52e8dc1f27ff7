package import KeeperCodec
import KeeperModel
package import WideMath

/// What one point earned: in all, and in each step where it may be chosen and where it is judged.
package struct SweepScore: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package let inSampleUnits: Int256
        package let outOfSampleUnits: Int256

        package init(inSampleUnits: Int256, outOfSampleUnits: Int256) {
            self.inSampleUnits = inSampleUnits
            self.outOfSampleUnits = outOfSampleUnits
        }
    }

    package let point: Int
    package let netUnits: Int256
    package let wonCount: Int
    package let closeCount: Int
    package let steps: [Step]

    package init(
        point: Int, netUnits: Int256, wonCount: Int, closeCount: Int, steps: [Step]
    ) {
        self.point = point
        self.netUnits = netUnits
        self.wonCount = wonCount
        self.closeCount = closeCount
        self.steps = steps
    }

    /// A close belongs to the part of the time in which it was decided. The run itself goes
    /// through: what it holds at the end of a part it holds at the beginning of the next.
    package init(point: Int, closes: [CloseFigures], windows: SweepWindows) {
        func net(_ window: Range<Int64>) -> Int256 {
            closes.reduce(.zero) { sum, close in
                window.contains(close.createdAt.nanoseconds) ? sum + close.netUnits : sum
            }
        }
        self.init(
            point: point, netUnits: closes.reduce(.zero) { $0 + $1.netUnits },
            wonCount: closes.count(where: \.isWon), closeCount: closes.count,
            steps: windows.steps.map { step in
                Step(
                    inSampleUnits: net(step.inSample), outOfSampleUnits: net(step.outOfSample))
            })
    }
}

extension SweepScore: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            point: try object.required("point").integer(as: Int.self),
            netUnits: try object.required("net").int256,
            wonCount: try object.required("won").integer(as: Int.self),
            closeCount: try object.required("closes").integer(as: Int.self),
            steps: try object.required("steps").array { (reader) throws(JSONReadError) in
                var step = try reader.object()
                let inSample = try step.required("inSample").int256
                let outOfSample = try step.required("outOfSample").int256
                try step.finish()
                return Step(inSampleUnits: inSample, outOfSampleUnits: outOfSample)
            })
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("point", UInt64(point))
        json.member("net", netUnits)
        json.member("won", UInt64(wonCount))
        json.member("closes", UInt64(closeCount))
        json.key("steps")
        json.beginArray()
        for step in steps {
            json.beginObject()
            json.member("inSample", step.inSampleUnits)
            json.member("outOfSample", step.outOfSampleUnits)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
