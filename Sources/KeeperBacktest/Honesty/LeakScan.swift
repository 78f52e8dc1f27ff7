import KeeperFeeds
import KeeperModel
package import KeeperRuntime

/// Rows of a recording that claim to have been known before they were there.
package struct LeakScan {
    package struct Leak: Hashable, Sendable {
        package let sequence: UInt64
        package let problem: String
    }

    /// The first ones tell enough.
    package static let leaksMax = 20

    private let path: String

    package init(_ path: String) {
        self.path = path
    }

    package func leaks() throws(KeeperStop) -> [Leak] {
        do {
            var rows = try RecordingReader(path: path).rows(of: .event)
            var leaks: [Leak] = []
            while let row = try rows.next(), leaks.count < Self.leaksMax {
                if let leak = try Self.leak(in: row) { leaks.append(leak) }
            }
            return leaks
        } catch {
            throw KeeperStop(.recording, "\(path): \(error)")
        }
    }

    private static func leak(in row: RecordingRow) throws -> Leak? {
        if row.availableAt < row.eventAt {
            let early = (row.eventAt - row.availableAt).milliseconds
            return Leak(
                sequence: row.sequence, problem: "is available \(early) ms before it happened")
        }
        guard case .pricesPublished(let updates) = try row.event().body,
            let update = updates.first(where: { $0.sourceAt > row.availableAt })
        else { return nil }
        let early = (update.sourceAt - row.availableAt).milliseconds
        return Leak(
            sequence: row.sequence,
            problem: "has a price of \(update.asset) \(early) ms before its source made it")
    }
}
