import Glibc
import KeeperCodec

/// The bytes of a file, a piece at a time, so that its length never matters.
package protocol ByteStream: AnyObject {
    /// Some bytes, or nil behind the last; never an empty piece.
    func next() throws(ImportRefused) -> [UInt8]?
}

/// A file as it lies on the disk, with the hash of what was read of it.
package final class FileStream: ByteStream {
    package let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private var hasEnded = false
    private static let pieceByteCount = 256 << 10

    package init(path: String) throws(ImportRefused) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ImportRefused(
                .missing, file: path, "cannot be opened: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        // Only read from: a failure to close loses nothing.
        _ = Glibc.close(descriptor)
    }

    package func next() throws(ImportRefused) -> [UInt8]? {
        guard !hasEnded else { return nil }
        var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
        let count = try read(into: &piece)
        piece.removeLast(piece.count - count)
        hash.update(piece)
        hasEnded = count == 0
        return hasEnded ? nil : piece
    }

    /// Of the bytes as they lie on the disk; true of the whole file once `next` has said nil.
    package var sha256: [UInt8] { hash.finish() }

    private func read(into piece: inout [UInt8]) throws(ImportRefused) -> Int {
        while true {
            let count = piece.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw ImportRefused(
                    .missing, file: path, "cannot be read: \(String(cString: strerror(errno)))")
            }
        }
    }
}

/// A file with its packing taken off, if it has one: what it is says its first bytes, not its name.
package final class UnpackedFile: ByteStream {
    private let file: FileStream
    private let bytes: any ByteStream

    package init(path: String) throws(ImportRefused) {
        let file = try FileStream(path: path)
        self.file = file
        let front = Lookahead(file)
        let first = try front.peek()
        if first.starts(with: [0x1F, 0x8B]) {
            bytes = try GzipStream(front, path: path)
        } else if first.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            bytes = try ZstandardStream(front, path: path)
        } else if first.starts(with: ZipStream.signature) {
            bytes = try ZipStream(front, path: path)
        } else {
            bytes = front
        }
    }

    package func next() throws(ImportRefused) -> [UInt8]? { try bytes.next() }

    package var sha256: [UInt8] { file.sha256 }
}

/// A stream whose first piece can be looked at before it is taken.
private final class Lookahead: ByteStream {
    private let stream: any ByteStream
    private var held: [UInt8]?

    init(_ stream: any ByteStream) {
        self.stream = stream
    }

    func peek() throws(ImportRefused) -> [UInt8] {
        if held == nil { held = try stream.next() }
        return held ?? []
    }

    func next() throws(ImportRefused) -> [UInt8]? {
        guard let piece = held else { return try stream.next() }
        held = nil
        return piece
    }
}
