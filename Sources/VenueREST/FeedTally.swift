// What became of the venue's replies, for status, metrics and reports.

import KeeperModel

/// Why a reply led to nothing. A closed set, fit for a metric's label.
package enum FeedTrouble: String, Hashable, Sendable, CaseIterable {
    /// No reply: refused, reset, timed out.
    case transport
    case unauthorised
    /// A status that this feed has no use for.
    case status
    /// Not JSON.
    case malformed
    /// JSON that does not say what it should.
    case unexpected
    /// The accounts of a snapshot are not those that its hash names.
    case stateHash
    /// Nor are they those that its root stands for, or their totals are others.
    case root
    /// Entries of a stream are missing.
    case gap
    /// A request that cannot be written, such as one for a market whose name is a dot.
    case unaskable
}

package struct FeedTally: Hashable, Sendable {
    package fileprivate(set) var replyCount: UInt64 = 0
    package fileprivate(set) var letterCount: UInt64 = 0
    /// Of the snapshots that are so long that they are read beside the loop.
    package fileprivate(set) var longSnapshotByteCount: UInt64 = 0
    /// The last trouble in words, for people.
    package fileprivate(set) var lastTrouble: String?
    private var troubles: [FeedTrouble: UInt64] = [:]

    package init() {}

    package func count(of trouble: FeedTrouble) -> UInt64 { troubles[trouble] ?? 0 }

    /// Replies, and whatever came instead of one.
    package var attemptCount: UInt64 { replyCount + count(of: .transport) }

    mutating func noteReply() { replyCount += 1 }
    mutating func noteLetter() { letterCount += 1 }
    mutating func noteLongSnapshot(_ byteCount: Int) { longSnapshotByteCount += UInt64(byteCount) }

    mutating func note(_ problem: FeedProblem) {
        troubles[problem.trouble, default: 0] += 1
        lastTrouble = problem.detail
    }
}

/// Trouble with its detail.
struct FeedProblem: Error, Hashable {
    let trouble: FeedTrouble
    let detail: String
    /// The venue's own word on when to ask again.
    var retryAfter: TimeSpan?

    init(_ trouble: FeedTrouble, _ detail: String) {
        self.trouble = trouble
        self.detail = detail
    }
}
