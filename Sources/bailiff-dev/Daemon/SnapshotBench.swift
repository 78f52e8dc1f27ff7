import KeeperCodec
import KeeperModel

/// What a snapshot costs a keeper from its bytes to its books: read, held against its hash and its
/// root, and indexed, beside the reading alone; and a million accounts that come anew.
func runSnapshotBench() throws -> [BenchResult] {
    var rig = try ResyncRig(accountCount: snapshotAccountCount)
    let text = rig.states.jsonBytes
    let salt = SHA256.hash([1])
    var (reading, checking, indexing): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<snapshotRoundCount {
        var states: [AccountState] = []
        reading.append(try nanoseconds { states = try accounts(in: text) })
        checking.append(
            nanoseconds {
                var digest = AccountDigest(salt: salt)
                for state in states { digest.add(state) }
                _ = digest.finish()
            })
        var pages = 0.0
        rig.resync { page, _, _ in pages += page }
        indexing.append(pages)
    }
    let whole = zip(reading, zip(checking, indexing)).map { ($0 + $1.0 + $1.1) / $0 }
    let indexed = zip(reading, indexing).map { ($0 + $1) / $0 }
    let rounds = snapshotRoundCount
    let name = "snapshot of \(snapshotAccountCount) accounts"
    return [
        .info(name + ", its bytes", Double(text.count) / 1e6, "MB", rounds: 1),
        .info(name + ", read", reading.median / 1e6, "ms", rounds: rounds),
        .info(
            name + ", held against hash and root", checking.median / 1e6, "ms", rounds: rounds,
            note: "beside the loop"),
        .info(name + ", indexed", indexing.median / 1e6, "ms", rounds: rounds),
        .goal(
            "G13", name + ", read and indexed, beside reading", indexed.median, atMost: 4,
            "times", rounds: rounds),
        .info(
            name + ", read, checked and indexed, beside reading", whole.median, "times",
            rounds: rounds),
    ] + [try millionAnew()]
}

private let snapshotAccountCount = 100_000
private let snapshotRoundCount = 5

private func millionAnew() throws -> BenchResult {
    var rig = try ResyncRig()
    var perAccount: [Double] = []
    for _ in 0..<ResyncRig.roundCount {
        var pages = 0.0
        rig.resync { page, _, _ in pages += page }
        perAccount.append(pages / Double(SyntheticBook.accountCountMax))
    }
    return .goal(
        "G13", "a million accounts indexed anew", perAccount.median, atMost: 120, "ns each",
        rounds: perAccount.count)
}

/// As the feed reads them: one at a time, without a tree of all.
private func accounts(in text: [UInt8]) throws -> [AccountState] {
    var scanner = try JSONScanner(text)
    var accounts: [AccountState] = []
    try scanner.beginArray()
    while try scanner.nextElement() {
        accounts.append(try AccountState(JSONReader(try scanner.readValue())))
    }
    try scanner.finish()
    return accounts
}
