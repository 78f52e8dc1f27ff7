import CLinux
import Glibc
package import KeeperJournal
package import KeeperModel
package import KeeperRuntime
import WideMath

/// Shows the picture as often as a person can use it: redrawn in place at a terminal, a line now
/// and then where output goes elsewhere.
package final class Screen {
    private let picture: LivePicture
    private let journal: Journal
    private let isTerminal: Bool
    private var shownAt: Int64 = .min
    private var shownLineCount = 0
    private var money = MoneyShown()
    private let unit: AssetDescription
    private var wonCount: UInt64 = 0

    private static let terminalPause: Int64 = 200_000_000
    private static let closeCount = 6
    private static let linePause: Int64 = 5_000_000_000

    package init(domains: [DomainID], unit: AssetDescription, journal: Journal) {
        picture = LivePicture(domains: domains, unit: unit)
        self.journal = journal
        self.unit = unit
        isTerminal = StandardStream.output.isTerminal && Self.canDraw
    }

    package func show(_ keeper: Keeper) {
        let now = Self.monotonicNanoseconds()
        guard now >= shownAt &+ (isTerminal ? Self.terminalPause : Self.linePause) else { return }
        shownAt = now
        refreshMoney(keeper)
        if isTerminal {
            draw(picture.screen(of: keeper, money: money))
        } else {
            StandardStream.output.line(picture.line(of: keeper, money: money))
        }
    }

    /// The ledger is asked only when a close ended since.
    private func refreshMoney(_ keeper: Keeper) {
        guard keeper.tally.wonCount != wonCount else { return }
        wonCount = keeper.tally.wonCount
        do {
            money.netUnits = try journal.revenue(by: .total).first?.earnedUnits ?? .zero
            money.latest = try latestCloses()
        } catch {
            // A picture that lags is better than a keeper that stops for it; a journal that cannot
            // be read stops the keeper at its next write.
            money.latest = ["the journal cannot be read: \(error)"]
        }
    }

    private func latestCloses() throws(JournalError) -> [String] {
        let closes = try journal.closes(CloseFilter(countMax: Self.closeCount))
        return columns(
            closes.map { close in
                let plan = close.intent.plan
                return [
                    plan.target.account.text, close.intent.strategy.text,
                    close.ending?.label ?? "open",
                    close.realisedUnits.map { MoneyText(unit).text($0) } ?? "",
                ]
            })
    }

    private func draw(_ lines: [String]) {
        var text = shownLineCount == 0 ? "" : "\u{1B}[\(shownLineCount)A"
        for line in lines { text += "\u{1B}[2K" + line + "\n" }
        // Lines that the last picture had and this one lacks.
        for _ in lines.count..<max(lines.count, shownLineCount) { text += "\u{1B}[2K\n" }
        shownLineCount = max(lines.count, shownLineCount)
        StandardStream.output.write(text)
    }

    private static var canDraw: Bool {
        guard let terminal = getenv("TERM") else { return false }
        return String(cString: terminal) != "dumb"
    }

    private static func monotonicNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
