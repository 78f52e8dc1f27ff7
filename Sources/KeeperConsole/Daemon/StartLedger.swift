import Glibc
import KeeperCodec
import KeeperCommands
package import KeeperModel
package import KeeperRuntime

/// When a keeper began and whether it ended as it meant to: beside the journal, so that a keeper
/// that dies again and again is noticed by the next one.
package struct StartLedger: Sendable {
    private struct Life: Sendable {
        let startedAt: Instant
        var hasEnded: Bool
    }

    private let path: String
    private var lives: [Life]

    package static let fileName = "starts.json"
    /// So many crashes within so long, and live mode only watches.
    package static let crashesMax = 3
    package static let span = TimeSpan.seconds(600)
    private static let livesKept = 20

    package init(folder: String) throws(StartProblem) {
        path = folder + "/" + Self.fileName
        guard let bytes = SmallFile.contents(of: path) else {
            lives = []
            return
        }
        do {
            lives = try Self.lives(bytes)
        } catch {
            throw StartProblem(
                .badInput, "\(path): \(error); move it away if no keeper crashed lately")
        }
    }

    /// Those of the lives that began lately and never ended.
    package func crashCount(at now: Instant) -> Int {
        lives.count { !$0.hasEnded && $0.startedAt > now - Self.span && $0.startedAt <= now }
    }

    /// Why live mode only watches; nil where it acts.
    package func watchOnlyReason(at now: Instant) -> String? {
        let count = crashCount(at: now)
        guard count >= Self.crashesMax else { return nil }
        return "\(count) crashes within \(Self.span.milliseconds / 60_000) minutes: watching only; "
            + "find out why, move \(path) away, and start again"
    }

    /// On disk before anything else is begun.
    package mutating func noteStart(at now: Instant) throws(StartProblem) {
        lives.append(Life(startedAt: now, hasEnded: false))
        lives = Array(lives.suffix(Self.livesKept))
        try write()
    }

    package mutating func noteEnd() throws(StartProblem) {
        guard !lives.isEmpty else { return }
        lives[lives.count - 1].hasEnded = true
        try write()
    }

    private static func lives(_ bytes: [UInt8]) throws -> [Life] {
        var object = try JSONReader(try JSONValue.parse(bytes, limits: .configuration)).object()
        let lives = try object.required("starts").array(countMax: 1_000) {
            (life) throws(JSONReadError) in
            var fields = try life.object()
            let result = Life(
                startedAt: try fields.value("startedAt"), hasEnded: try fields.bool("hasEnded"))
            try fields.finish()
            return result
        }
        try object.finish()
        return lives
    }

    /// Beside it first, then in its place: it is old or new, never half.
    private func write() throws(StartProblem) {
        var json = JSONWriter()
        json.beginObject()
        json.key("starts")
        json.beginArray()
        for life in lives {
            json.beginObject()
            json.member("startedAt", life.startedAt)
            json.member("hasEnded", life.hasEnded)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        guard SmallFile.replace(path, with: json.finish()) else {
            throw StartProblem(
                .inputOutput, "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}

extension Instant {
    fileprivate static func - (instant: Instant, span: TimeSpan) -> Instant {
        Instant(nanoseconds: instant.nanoseconds - span.nanoseconds)
    }
}
