import FoundationEssentials
import KeeperBacktest
import KeeperCommands
import KeeperRuntime

/// `sweep FILE`: many settings over one recording; `sweep merge FILE`: what shards found, in one
/// table.
struct SweepCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        let isMerge = parsed.arguments[0] == "merge"
        guard parsed.arguments.count == (isMerge ? 2 : 1) else {
            throw UsageError("'sweep' takes one file, and 'sweep merge' the same file")
        }
        // What was asked for is looked at before any file is.
        let (shard, jobCount) = (try shard(), try jobCount(parsed))
        let file = parsed.arguments[isMerge ? 1 : 0]
        let base = try Workplace(parsed, environment)
        let plan = try SweepFile.read(try InputFile.bytes(file), file: file)
        let sweep = try SweepRun(
            plan, base: base, recording: plan.recording, build: try ProgramFile.identity())
        let folders = parsed.all("scores").isEmpty ? [file + ".scores"] : parsed.all("scores")
        let caches = try folders.map { (folder) throws(StartProblem) in try ResultFolder(folder) }
        if !isMerge, try !work(sweep, caches, shard, jobCount) { return .done }
        return try show(sweep, caches, base)
    }

    /// False for a shard: what it found is no answer yet.
    private func work(
        _ sweep: SweepRun, _ caches: [ResultFolder], _ shard: (number: Int, count: Int),
        _ jobCount: Int
    ) throws -> Bool {
        guard caches.count == 1 else {
            throw UsageError("a sweep keeps its scores in one folder; 'sweep merge' reads many")
        }
        let points = sweep.shard(shard.number, of: shard.count)
        let isShown = StandardStream.error.isTerminal && !parsed.has("json")
        try sweep.run(points, jobCount: jobCount, cache: caches[0]) { done, all in
            if isShown { StandardStream.error.write("\r\(done) of \(all) points ") }
        }
        if isShown { StandardStream.error.line("") }
        guard shard.count > 1 else { return true }
        StandardStream.output.line(
            "shard \(shard.number) of \(shard.count): \(points.count) points are done; "
                + "'bailiff sweep merge' shows all")
        return false
    }

    private func show(
        _ sweep: SweepRun, _ caches: [ResultFolder], _ base: Workplace
    ) throws -> ExitCode {
        let scores = sweep.scores(in: caches)
        let missingCount = scores.count { $0 == nil }
        guard missingCount == 0 else {
            throw StartProblem(
                .tryLater,
                "\(missingCount) of \(scores.count) points have no score in \(folderList); "
                    + "run their shards with this program, recording and configuration")
        }
        let table = SweepTable(scores.compactMap { $0 }, labels: sweep.labels)
        if parsed.has("json") {
            StandardStream.output.line(table.jsonText)
        } else {
            for line in table.lines(base.config.unitOfAccount) {
                StandardStream.output.line(line)
            }
        }
        return .done
    }

    private var folderList: String {
        parsed.all("scores").isEmpty
            ? "the sweep's folder" : parsed.all("scores").joined(separator: ", ")
    }

    // MARK: What was asked

    private func shard() throws(UsageError) -> (number: Int, count: Int) {
        guard let text = parsed.value("shard") else { return (1, 1) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1,
            count <= SweepPlan.pointsMax, (1...count).contains(number)
        else { throw UsageError("--shard \(text): expected a form such as 3/10") }
        return (number, count)
    }
}
