import Glibc

/// One open file: every call checked, interrupted calls repeated, closed exactly once.
struct RecordingFile: ~Copyable {
    private let descriptor: Int32
    let path: String

    enum Mode {
        case reading
        /// A file that does not exist yet.
        case creating
    }

    init(path: String, mode: Mode) throws(RecordingError) {
        let flags =
            switch mode {
            case .reading: O_RDONLY
            case .creating: O_WRONLY | O_CREAT | O_EXCL
            }
        descriptor = open(path, flags | O_CLOEXEC, 0o640)
        self.path = path
        guard descriptor >= 0 else {
            if errno == EEXIST { throw .alreadyExists(path: path) }
            throw Self.failure("open", path)
        }
    }

    deinit {
        // What had to reach the disk was synchronised before; a failure here loses nothing.
        _ = Glibc.close(descriptor)
    }

    func byteCount() throws(RecordingError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("fstat") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARecording(path: path) }
        return UInt64(status.st_size)
    }

    /// Up to so many bytes; fewer only at the end of the file.
    func read(at offset: UInt64, byteCount: Int) throws(RecordingError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var filled = 0
        while filled < byteCount {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), byteCount - filled,
                    Int(offset) + filled)
            }
            if count == 0 { break }
            if count > 0 {
                filled += count
            } else if errno != EINTR {
                throw failure("pread")
            }
        }
        bytes.removeLast(byteCount - filled)
        return bytes
    }

    /// Appends where the file's position is.
    func write(_ bytes: [UInt8]) throws(RecordingError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw failure("write")
            }
        }
    }

    func synchronize() throws(RecordingError) {
        guard fsync(descriptor) == 0 else { throw failure("fsync") }
    }

    /// Makes the name of a new file durable.
    func synchronizeDirectory() throws(RecordingError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw Self.failure("open", directory) }
        // Nothing was written through this descriptor.
        defer { _ = Glibc.close(handle) }
        guard fsync(handle) == 0 else { throw Self.failure("fsync", directory) }
    }

    private func failure(_ call: String) -> RecordingError { Self.failure(call, path) }

    private static func failure(_ call: String, _ path: String) -> RecordingError {
        .failed(call: call, code: errno, path: path)
    }
}
