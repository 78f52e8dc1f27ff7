// A key on disk: 32 bytes that only the owner may read. A file that others could have read or
// exchanged is refused with the command that repairs it.

import Glibc

package enum KeyFile {
    /// Reads a key; the bytes go straight into memory that is wiped. A credential is root's, and
    /// the service's user reads it by an access list, whose mask stands where the group's mode
    /// does.
    package static func read(
        _ path: String, isCredential: Bool = false
    ) throws(KeyFileProblem) -> SigningKey {
        SigningKey(seed: try bytes(of: path, isCredential))
    }

    /// The same form of file; what is in it is the secret itself.
    package static func readSecret(
        _ path: String, isCredential: Bool = false
    ) throws(KeyFileProblem) -> SharedSecret {
        SharedSecret(try bytes(of: path, isCredential))
    }

    private static func bytes(
        of path: String, _ isCredential: Bool
    ) throws(KeyFileProblem) -> SecretBytes {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ELOOP ? .symbolicLink(path) : .cannotOpen(path, errno)
        }
        defer { close(descriptor) }
        try checkOwnership(of: descriptor, path, isCredential: isCredential)
        let seed = SecretBytes(count: SigningKey.seedByteCount)
        let count = seed.withBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count == seed.count else { throw .wrongSize(path) }
        return seed
    }

    /// Makes a key and writes it to a new file; a file that is there is never replaced.
    package static func generate(_ path: String) throws(KeyFileProblem) -> SigningKey {
        let seed = SecretBytes(count: SigningKey.seedByteCount)
        seed.withBytes { Botan.fillRandom($0) }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path) : .cannotOpen(path, errno)
        }
        // The mode at creation is subject to the umask; this one is not.
        let isWritten =
            fchmod(descriptor, 0o600) == 0
            && seed.withBytes { write(descriptor, $0.baseAddress, $0.count) } == seed.count
            && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten else {
            unlink(path)
            throw .cannotWrite(path, code)
        }
        return SigningKey(seed: seed)
    }

    private static func checkOwnership(
        of descriptor: Int32, _ path: String, isCredential: Bool
    ) throws(KeyFileProblem) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path) }
        let isOurs = status.st_uid == geteuid() || (isCredential && status.st_uid == 0)
        guard isOurs else { throw .foreignOwner(path) }
        let forbidden: mode_t = isCredential ? 0o137 : 0o177
        guard status.st_mode & forbidden == 0 else { throw .openToOthers(path) }
        guard status.st_size == SigningKey.seedByteCount else { throw .wrongSize(path) }
    }
}

package enum KeyFileProblem: Error, Hashable, Sendable {
    case cannotOpen(String, Int32)
    case cannotWrite(String, Int32)
    case exists(String)
    case symbolicLink(String)
    case notAFile(String)
    case foreignOwner(String)
    case openToOthers(String)
    case wrongSize(String)
}

extension KeyFileProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotOpen(let path, ENOENT):
            "\(path): is not there; make a key with: bailiff keys new '\(path)'"
        case .cannotOpen(let path, let code): "\(path): \(String(cString: strerror(code)))"
        case .cannotWrite(let path, let code):
            "\(path): cannot write the key: \(String(cString: strerror(code)))"
        case .exists(let path):
            "\(path): exists already; a key is never overwritten, choose another name"
        case .symbolicLink(let path): "\(path): is a symbolic link; name the file itself"
        case .notAFile(let path): "\(path): is not a regular file"
        case .foreignOwner(let path):
            "\(path): belongs to another user; run: chown \"$(id -un)\" '\(path)'"
        case .openToOthers(let path): "\(path): others may read it; run: chmod 600 '\(path)'"
        case .wrongSize(let path): "\(path): is not a key; a key file has exactly 32 bytes"
        }
    }
}
