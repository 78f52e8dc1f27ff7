import KeeperBacktest
import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime

/// `import KIND FILE... --out RECORDING`.
struct ImportCommand {
    private let parsed: ParsedCommand

    init(_ parsed: ParsedCommand) {
        self.parsed = parsed
    }

    func run() throws -> ExitCode {
        let kind = try kind()
        guard let out = parsed.value("out") else {
            throw UsageError("'import' needs --out: the recording to write")
        }
        let files = Array(parsed.arguments.dropFirst())
        do {
            let importer = Importer(
                kind: kind, layout: try layout(kind),
                skipsImpossible: parsed.has("skip-impossible"), domain: try domain())
            show(try importer.run(files, to: out, progress: tell), out)
        } catch let problem as ImportRefused {
            throw StartProblem(problem.cause.exitCode, problem.description)
        }
        return .done
    }

    private func domain() throws(UsageError) -> DomainID? {
        guard let text = parsed.value("domain") else { return nil }
        guard let domain = DomainID(checking: text), domain != .everyVenue,
            domain != HistoryDomain.id
        else {
            throw UsageError(
                "--domain is a venue's name: 1 to 64 of A-Z a-z 0-9 . _ - and neither 'all' nor "
                    + "'\(HistoryDomain.id)'; found '\(text)'")
        }
        return domain
    }

    private func kind() throws(UsageError) -> ImportKind {
        let word = parsed.arguments[0]
        guard let kind = ImportKind(rawValue: word) else {
            let names = ImportKind.allCases.map(\.rawValue)
            let hint = nearestName(to: word, of: names).map { "; did you mean '\($0)'?" } ?? ""
            throw UsageError(
                "'\(word)' is no kind of file; there are \(names.joined(separator: ", "))\(hint)")
        }
        return kind
    }

    private func layout(_ kind: ImportKind) throws -> ImportLayout {
        let wish = try wish()
        if let mapping = parsed.value("mapping") {
            return try MappingFile.read(try InputFile.bytes(mapping), file: mapping, wish: wish)
        }
        if let layout = kind.layout(wish) { return layout }
        throw UsageError("'import \(kind.rawValue)' needs \(Self.need(of: kind))")
    }

    private static func need(of kind: ImportKind) -> String {
        switch kind {
        case .positions, .columns: "--mapping: a file that says what the columns are"
        case .books:
            "--asset and --asset-decimals: whose book it is, and how many digits an amount of it "
                + "has behind its point"
        default: "--asset: whose prices they are"
        }
    }

    private func wish() throws(UsageError) -> ImportWish {
        var wish = ImportWish()
        if let text = parsed.value("asset") {
            guard let asset = AssetID(checking: text) else {
                throw UsageError("--asset is 1 to 64 of A-Z a-z 0-9 . _ -; found '\(text)'")
            }
            wish.asset = asset
        }
        if let text = parsed.value("asset-decimals") {
            guard let decimals = UInt8(text), decimals <= 18 else {
                throw UsageError("--asset-decimals is from 0 to 18; found '\(text)'")
            }
            wish.assetDecimals = decimals
        }
        if let text = parsed.value("market") {
            guard let market = MarketID(checking: text) else {
                throw UsageError("--market is 1 to 64 of A-Z a-z 0-9 . _ -; found '\(text)'")
            }
            wish.market = market
        }
        if let text = parsed.value("price-decimals") {
            guard let decimals = Int(text), (0...18).contains(decimals) else {
                throw UsageError("--price-decimals is from 0 to 18; found '\(text)'")
            }
            wish.priceDecimals = decimals
        }
        wish.span = try time("span")
        wish.delay = try time("delay")
        return wish
    }

    private func time(_ option: String) throws(UsageError) -> TimeSpan? {
        guard let text = parsed.value(option) else { return nil }
        do {
            return try JSONReader(.string(text)).timeSpan(in: .zero ... .seconds(7 * 86_400))
        } catch {
            throw UsageError("--\(option) is a time such as '1 min' or '2 s'; found '\(text)'")
        }
    }

    private func tell(_ step: String) {
        guard StandardStream.error.isTerminal else { return }
        StandardStream.error.line(step + " ...")
    }

    private func show(_ report: ImportReport, _ path: String) {
        guard parsed.has("json") else {
            for line in report.lines { StandardStream.output.line(line) }
            StandardStream.output.line("recorded in \(path)")
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("recording", path)
        report.write(to: &json)
        json.endObject()
        StandardStream.output.line(String(decoding: json.finish(), as: UTF8.self))
    }
}

extension ImportRefused.Cause {
    var exitCode: ExitCode {
        switch self {
        case .missing: .inputMissing
        case .malformed: .badInput
        case .cannotWrite: .cannotCreate
        }
    }
}
