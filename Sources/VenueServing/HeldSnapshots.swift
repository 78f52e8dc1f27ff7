// Snapshots that somebody reads in pages: a market may have more accounts than one reply may hold.
// All pages are of one moment, so the snapshot is kept while it is being read, and what happened
// since is in the deltas that follow its sequence.

import KeeperCodec
package import KeeperModel
package import KeeperTransport

/// The accounts of a market at one sequence, as text, with what can be held against them.
package struct MarketSnapshot {
    let market: MarketID
    let sequence: UInt64
    let stateHash: String
    let root: PublishedRoot
    let texts: [[UInt8]]

    package init(of market: MarketID, _ accounts: [AccountState], sequence: UInt64, salt: [UInt8]) {
        self.market = market
        self.sequence = sequence
        var digest = AccountDigest(salt: salt)
        texts = accounts.map { digest.add($0) }
        let (hash, tree) = digest.finish()
        guard let tree else { preconditionFailure("What a market holds fits into 256 bits") }
        stateHash = "0x" + Hex.encode(hash)
        root = BookProof(salt: salt, tree: tree).root
    }

    /// As many accounts each as fit; one at least, however long it is.
    func pages(byteCountMax: Int) -> [Range<Int>] {
        var pages: [Range<Int>] = []
        var (start, byteCount) = (0, 0)
        for (index, text) in texts.enumerated() {
            if index > start, byteCount + text.count > byteCountMax {
                pages.append(start..<index)
                (start, byteCount) = (index, 0)
            }
            byteCount += text.count
        }
        return pages + [start..<texts.count]
    }
}

package struct HeldSnapshots {
    private struct Held {
        let snapshot: MarketSnapshot
        let pages: [Range<Int>]
        var usedAt: MonotonicTime
    }

    private var held: [Held] = []

    package static let countMax = 16
    /// Whoever reads asks for the next page sooner.
    package static let patience = TimeSpan.seconds(30)

    package init() {}

    /// The pages of the snapshot; nil where it is not held, or no more.
    package mutating func pages(
        of market: MarketID, _ sequence: UInt64, now: MonotonicTime
    ) -> (snapshot: MarketSnapshot, pages: [Range<Int>])? {
        guard
            let index = held.firstIndex(where: {
                $0.snapshot.market == market && $0.snapshot.sequence == sequence
            })
        else { return nil }
        held[index].usedAt = now
        return (held[index].snapshot, held[index].pages)
    }

    /// Of very many accounts one takes much room: it goes when nobody has asked for so long.
    package mutating func forget(now: MonotonicTime) {
        held.removeAll { now - $0.usedAt > Self.patience }
    }

    /// Where not, as many as may be are being read: nobody's is taken away for another.
    var hasRoom: Bool { held.count < Self.countMax }

    package mutating func hold(
        _ snapshot: MarketSnapshot, pageByteCountMax: Int, now: MonotonicTime
    ) {
        precondition(hasRoom, "There was room for it")
        held.append(
            Held(
                snapshot: snapshot, pages: snapshot.pages(byteCountMax: pageByteCountMax),
                usedAt: now))
    }
}
