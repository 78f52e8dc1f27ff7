import KeeperCodec
import KeeperCommands
import KeeperJournal
import KeeperModel
import KeeperRuntime
import KeeperTransport

/// `period close MONTH`, `period list`: months that stay as they are.
struct PeriodCommand {
    private let parsed: ParsedCommand
    private let environment: [String: String]

    init(_ parsed: ParsedCommand, _ environment: [String: String]) {
        self.parsed = parsed
        self.environment = environment
    }

    func run() throws -> ExitCode {
        switch (parsed.arguments[0], parsed.arguments.dropFirst().first) {
        case ("close", let month?): try show([close(month, journal())])
        case ("list", nil): try show(journal().closedPeriods())
        default: throw UsageError("'period close 2026-01' closes a month, 'period list' lists them")
        }
        return .done
    }

    private func journal() throws -> Journal {
        let workplace = try Workplace(parsed, environment)
        return try Station.existingBooks(
            in: BooksFolder.path(parsed, workplace), durability: .power
        ).0
    }

    private func close(_ month: String, _ journal: Journal) throws -> ClosedPeriod {
        do throws(JournalError) {
            return try journal.closePeriod(month, at: SystemClock.machineTime())
        } catch {
            throw StartProblem(.failed, "\(error)")
        }
    }

    private func show(_ periods: [ClosedPeriod]) {
        guard parsed.has("json") else {
            if periods.isEmpty { StandardStream.output.line("no month is closed") }
            for period in periods {
                StandardStream.output.line(
                    "\(period.month): \(period.entryCount) entries, "
                        + "closed \(UTCText.text(period.closedAt)), \(Hex.encode(period.sha256))")
            }
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.key("periods")
        json.beginArray()
        for period in periods {
            json.beginObject()
            json.member("month", period.month)
            json.member("entries", period.entryCount)
            json.member("closedAt", UTCText.text(period.closedAt))
            json.member("previous", Hex.encode(period.previous))
            json.member("sha256", Hex.encode(period.sha256))
            json.endObject()
        }
        json.endArray()
        json.endObject()
        StandardStream.output.line(String(decoding: json.finish(), as: UTF8.self))
    }
}
