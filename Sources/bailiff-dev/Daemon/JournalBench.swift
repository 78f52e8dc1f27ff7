import Foundation
import Glibc
import KeeperJournal
import KeeperModel
import RoadKit
import WideMath

/// What an intent costs before its bytes may leave: a commit that outlives the process, and one
/// that outlives the power, beside the same number of bytes written and synced bare.
func runJournalBench() throws -> [BenchResult] {
    let folder = try TemporaryFolder()
    let bench = try JournalBench(folder)
    return try bench.run()
}

private struct JournalBench {
    private static let rounds = 400
    /// An intent with its plan is about so long.
    private static let recordByteCount = 1_024

    private let journal: Journal
    private let raw: Int32

    init(_ folder: TemporaryFolder) throws {
        journal = try Journal(path: folder.file("journal.sqlite"), durability: .process)
        raw = open(folder.file("raw"), O_RDWR | O_CREAT, 0o600)
        let byteCount = Self.rounds * Self.recordByteCount
        guard raw >= 0, posix_fallocate(raw, 0, byteCount) == 0 else {
            throw RawSocket.Problem("preallocating a file")
        }
        // Written once, so that what is measured changes no size and no map of blocks.
        let zeros = [UInt8](repeating: 0, count: byteCount)
        guard pwrite(raw, zeros, zeros.count, 0) == byteCount, fsync(raw) == 0 else {
            throw RawSocket.Problem("writing a file")
        }
    }

    func run() throws -> [BenchResult] {
        let done = DispatchSemaphore(value: 0)
        let syncing = try SyncThread(journal, whenDone: { done.signal() })
        var (process, power, bare): ([Double], [Double], [Double]) = ([], [], [])
        for number in 0..<Self.rounds {
            var failure: (any Error)?
            let committed = nanoseconds { failure = record(number) }
            if let failure { throw failure }
            process.append(committed)
            let synced = nanoseconds {
                syncing.start()
                done.wait()
            }
            _ = try syncing.takeOutcome()
            power.append(committed + synced)
            bare.append(try writeBare(number))
        }
        close(raw)
        return [
            .goal(
                "G10", "an intent that survives the process, p50", process.median / 1e3,
                atMost: 10, "us", rounds: Self.rounds),
            .info(
                "an intent that survives the process, p99", process.quantile(0.99) / 1e3, "us",
                rounds: Self.rounds),
            .info(
                "an intent that survives the power, p50", power.median / 1e3, "us",
                rounds: Self.rounds, note: "on a thread that no tick waits for"),
            .info(
                "as many bytes with fdatasync in a preallocated file, p50", bare.median / 1e3,
                "us", rounds: Self.rounds),
            .goal(
                "G10", "surviving the power, beside fdatasync alone",
                power.median / bare.median, atMost: 1.5, "times", rounds: Self.rounds),
        ]
    }

    private func record(_ number: Int) -> (any Error)? {
        do {
            try journal.recordIntent(intent(number), at: Instant(milliseconds: Int64(number)))
            return nil
        } catch {
            return error
        }
    }

    private func writeBare(_ number: Int) throws -> Double {
        let bytes = [UInt8](repeating: UInt8(number & 0xFF), count: Self.recordByteCount)
        var isDone = false
        let spent = nanoseconds {
            isDone =
                pwrite(raw, bytes, bytes.count, off_t(number * bytes.count)) == bytes.count
                && fdatasync(raw) == 0
        }
        guard isDone else { throw RawSocket.Problem("syncing a file") }
        return spent
    }

    private func intent(_ number: Int) -> CloseIntent {
        CloseIntent(
            plan: ClosePlan(
                clientID: ClientID("bench-\(number)"),
                target: Target(
                    domain: DomainID("venue"), market: MarketID("core"),
                    account: AccountID("account-\(number)")),
                accountVersion: 1,
                action: .margin(MarginClose(lots: 5, limitPrice: 9, incentiveMin: 1)),
                validUntilHeight: 40),
            by: StrategyRun(StrategyName("bench"), version: 1),
            expectation: Expectation(
                grossUnits: 20, costUnits: 5,
                inventoryNeeded: [AssetAmount(asset: AssetID("USD"), amount: 7)],
                notionalUnits: 100),
            proposedAt: Instant(milliseconds: 0), decidedBy: UInt64(number))
    }
}
