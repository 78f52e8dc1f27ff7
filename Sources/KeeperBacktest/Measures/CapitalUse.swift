package import KeeperJournal
package import KeeperModel
package import WideMath

/// How much of an asset open closes needed at once. A close that repays and sells in the same
/// breath leaves no trace in balances, yet what it repays with has to be there.
package enum CapitalUse {
    package static func peak(of closes: [JournaledClose], asset: AssetID) -> UInt256 {
        var changes: [(at: Instant, isEnd: Bool, amount: UInt256)] = []
        for close in closes {
            let needed = close.intent.expectation.inventoryNeeded.first { $0.asset == asset }
            guard let amount = needed?.amount, !amount.isZero else { continue }
            changes.append((close.createdAt, false, amount))
            if let endedAt = close.endedAt { changes.append((endedAt, true, amount)) }
        }
        // What ends frees its funds before what begins at the same instant takes them.
        changes.sort { $0.at != $1.at ? $0.at < $1.at : $0.isEnd && !$1.isEnd }
        var (open, peak) = (UInt256.zero, UInt256.zero)
        for change in changes {
            open = change.isEnd ? open.saturatingSubtract(change.amount) : open + change.amount
            peak = max(peak, open)
        }
        return peak
    }
}
