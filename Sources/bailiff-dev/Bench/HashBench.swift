import CBotan
import KeeperCodec

/// Keccak-256 beside Botan's, in turn in each round and of the same bytes.
func runHashBench() throws -> [BenchResult] {
    try [64, 300, 4_096].flatMap { (byteCount: Int) -> [BenchResult] in
        let message = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let botan = try BotanKeccak()
        guard botan.digest(of: message) == Keccak256.hash(message) else {
            throw CodecBenchProblem("Botan and we hash differently")
        }
        let repeatCount = 1 << 20 / byteCount
        var (own, peer): ([Double], [Double]) = ([], [])
        for _ in 0..<hashRoundCount {
            own.append(nanoseconds { for _ in 0..<repeatCount { _ = Keccak256.hash(message) } })
            peer.append(nanoseconds { for _ in 0..<repeatCount { _ = botan.digest(of: message) } })
        }
        let ratios = zip(peer, own).map { $0 / $1 }
        return [
            .info(
                "Keccak-256 of \(byteCount) bytes", own.median / Double(repeatCount), "ns",
                rounds: hashRoundCount),
            .info(
                "Keccak-256 of \(byteCount) bytes, times the speed of Botan", ratios.median, "",
                rounds: hashRoundCount),
        ]
    }
}

private let hashRoundCount = 7

/// One hash object of Botan, used again for every message as Botan means it to be.
private final class BotanKeccak {
    private let hash: botan_hash_t

    init() throws {
        var hash: botan_hash_t?
        guard botan_hash_init(&hash, "Keccak-1600(256)", 0) == 0, let hash else {
            throw CodecBenchProblem("this Botan has no Keccak")
        }
        self.hash = hash
    }

    deinit { botan_hash_destroy(hash) }

    func digest(of message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Keccak256.digestByteCount)
        botan_hash_update(hash, message, message.count)
        botan_hash_final(hash, &digest)
        return digest
    }
}
