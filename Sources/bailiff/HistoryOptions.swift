import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperFeeds
import KeeperModel
import KeeperRuntime
import VenueSimulator

/// What `backtest` and `missed` have in common: recordings, the stage, the oracle, the rivals.
struct HistoryOptions {
    private let parsed: ParsedCommand

    init(_ parsed: ParsedCommand) {
        self.parsed = parsed
    }

    func opening(
        _ rivals: RivalModel, _ workplace: Workplace
    ) throws -> HistoryOpening {
        var recordings: [(path: String, reader: RecordingReader)] = []
        for path in parsed.arguments {
            recordings.append((path, try RecordingFileOpening.open(path)))
        }
        return try HistoryOpening(
            recordings, stages: try VenueOptions(parsed, workplace.config).stages(),
            rivals: rivals, customers: try customers(), depth: try depth(), workplace: workplace)
    }

    /// Books that were imported, and what part of every quantity.
    private func depth() throws -> DepthWish {
        let paths = parsed.all("depth")
        for path in paths { _ = try RecordingFileOpening.open(path) }
        guard let text = parsed.value("depth-scale") else { return DepthWish(paths: paths) }
        // Whatever is wrong with it, the sentence below says what it should be.
        guard
            let scalePpm = try? JSONReader(.string(text)).quotedDecimal(scale: 6, as: UInt64.self),
            StageDepth.scalesPpm.contains(scalePpm)
        else {
            throw UsageError(
                "--depth-scale is a number above 0 and up to 1000 with six places at most, such as "
                    + "0.25; found '\(text)'")
        }
        return DepthWish(paths: paths, scalePpm: scalePpm)
    }

    private func customers() throws(StartProblem) -> CustomerHazard? {
        try parsed.value("customers").map { path throws(StartProblem) in
            try CustomerHazard.read(try InputFile.bytes(path), file: path)
        }
    }

    func rivals() throws(UsageError) -> RivalModel {
        let mode = try mode()
        var counts = RivalModel.standardCounts
        if let text = parsed.value("against") {
            counts = try text.split(separator: ",", omittingEmptySubsequences: false).map {
                (word) throws(UsageError) in
                guard let count = Int(word), (0...1_000).contains(count) else {
                    throw UsageError(
                        "--against is a list of numbers from 0 to 1000 such as 0,1,3,10; "
                            + "found '\(text)'")
                }
                return count
            }
            counts = Set(counts).sorted()
        }
        let model = RivalModel(mode: mode, counts: counts, seed: try seed())
        guard model.hasRivals else {
            throw UsageError(
                "--against \(parsed.value("against") ?? "") has nobody else in it: a net without "
                    + "rivals is no result; add 1 or more")
        }
        return model
    }

    private func mode() throws(UsageError) -> RivalMode {
        guard let text = parsed.value("rivals") else { return .firstCome }
        guard let mode = RivalMode.byWord.first(where: { $0.key == text })?.value else {
            throw UsageError(
                "--rivals is first-come, sealed-bid or historical; found '\(text)'")
        }
        return mode
    }

    private func seed() throws(UsageError) -> UInt64 {
        guard let text = parsed.value("seed") else { return 1 }
        guard let seed = UInt64(text) else {
            throw UsageError("--seed is a whole number; found '\(text)'")
        }
        return seed
    }
}

/// How far a pass has come, at a terminal only, and only when there is another percent of it.
final class ProgressBar {
    private let firstAt: Instant
    private let span: Int64
    private var shownPercent: Int64 = -1
    private let isShown = StandardStream.error.isTerminal

    init(_ opening: HistoryOpening) {
        firstAt = opening.firstAt
        span = max(1, (opening.lastAt - opening.firstAt).milliseconds)
    }

    func show(_ instant: Instant) {
        guard isShown else { return }
        let percent = min(100, (instant - firstAt).milliseconds * 100 / span)
        guard percent > shownPercent else { return }
        shownPercent = percent
        let done = String(repeating: "#", count: Int(percent) / 2)
        let left = String(repeating: "-", count: 50 - Int(percent) / 2)
        StandardStream.error.write("\r[\(done)\(left)] \(percent) %")
    }

    func end() {
        guard isShown, shownPercent >= 0 else { return }
        StandardStream.error.write("\r" + String(repeating: " ", count: 60) + "\r")
    }
}
