import Glibc
import KeeperCodec
package import KeeperRuntime

/// The hash of a file of any size, a piece at a time.
package enum FileHash {
    private static let pieceByteCount = 1 << 20

    package static func sha256(of path: String) throws(KeeperStop) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw KeeperStop(.recording, "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: pieceByteCount)
        while true {
            let count = read(descriptor, &piece, pieceByteCount)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw KeeperStop(.recording, "\(path): \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            hash.update(piece[..<count])
        }
        return Hex.encode(hash.finish())
    }
}
