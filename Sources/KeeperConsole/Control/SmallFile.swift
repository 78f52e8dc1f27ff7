import CLinux
import FoundationEssentials
import Glibc

/// Files that fit into memory many times.
enum SmallFile {
    /// Nil where it cannot be read.
    static func contents(of path: String) -> [UInt8]? {
        // Why it cannot be read is for the caller to say, who knows what it is.
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return [UInt8](data)
    }

    /// Whether nobody but its owner may read it.
    static func isPrivate(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 == 0
    }

    /// Written beside it, made durable, then put in its place. False with `errno` where it failed.
    static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        let new = path + ".new"
        let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        let isWhole = rest.isEmpty && fsync(descriptor) == 0
        close(descriptor)
        return isWhole && rename(new, path) == 0
    }
}
