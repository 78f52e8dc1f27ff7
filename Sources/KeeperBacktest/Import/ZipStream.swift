import CZlib
import KeeperCodec

/// The one file of a zip archive, unpacked a piece at a time (PKWARE's APPNOTE, sections 4.3 and
/// 4.4): stored as it is or deflated. An archive of more than one file is refused, because which of
/// them was meant is not for us to guess.
final class ZipStream: ByteStream {
    static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
    private static let headerByteCount = 30

    private let file: PushedBack
    private let content: any ByteStream
    private let path: String
    private let crc: UInt32
    private var found = CRC32()

    init(_ packed: any ByteStream, path: String) throws(ImportRefused) {
        let file = PushedBack(packed)
        let header = try file.take(Self.headerByteCount)
        guard header.count == Self.headerByteCount, header.starts(with: Self.signature) else {
            throw ImportRefused(file: path, "ends inside the head of its zip archive; is it whole?")
        }
        func number(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(header[offset + $1]) << (8 * $1) }
        }
        // Its sizes and its sum come behind it where bit 3 is set, as streams are written.
        guard number(6, 2) & 0b1001 == 0 else {
            throw ImportRefused(
                file: path,
                "is a zip archive that is encrypted or was written as a stream; unpack it")
        }
        let named = number(26, 2) + number(28, 2)
        guard try file.take(named).count == named else {
            throw ImportRefused(file: path, "ends inside the head of its zip archive; is it whole?")
        }
        self.file = file
        self.path = path
        crc = UInt32(number(14, 4))
        let stored = StoredBytes(file, count: number(18, 4), path: path)
        switch number(8, 2) {
        case 0: content = stored
        case 8: content = try GzipStream(stored, path: path, form: .deflate)
        default:
            throw ImportRefused(
                file: path, "is a zip archive of a kind that is not read; unpack it")
        }
    }

    func next() throws(ImportRefused) -> [UInt8]? {
        if let piece = try content.next() {
            found.update(piece)
            return piece
        }
        guard found.value == crc else {
            throw ImportRefused(
                file: path, "is damaged: its zip data have another sum than it says")
        }
        guard try file.take(Self.signature.count) != Self.signature else {
            throw ImportRefused(file: path, "is a zip archive of more than one file; unpack it")
        }
        // The directory behind it says nothing new, and is read for the hash of the whole.
        while try file.next() != nil {}
        return nil
    }
}

/// So many bytes of a stream.
private final class StoredBytes: ByteStream {
    private let file: PushedBack
    private let path: String
    private var leftCount: Int

    init(_ file: PushedBack, count: Int, path: String) {
        self.file = file
        self.path = path
        leftCount = count
    }

    func next() throws(ImportRefused) -> [UInt8]? {
        guard leftCount > 0 else { return nil }
        let piece = try file.take(min(leftCount, 256 << 10))
        guard !piece.isEmpty else {
            throw ImportRefused(file: path, "ends inside its zip data; is it whole?")
        }
        leftCount -= piece.count
        return piece
    }
}

/// A stream that can be read by count.
private final class PushedBack: ByteStream {
    private let stream: any ByteStream
    private var held: [UInt8] = []

    init(_ stream: any ByteStream) {
        self.stream = stream
    }

    /// Fewer only at the end of the stream.
    func take(_ count: Int) throws(ImportRefused) -> [UInt8] {
        while held.count < count, let piece = try stream.next() { held += piece }
        let taken = Array(held.prefix(count))
        held.removeFirst(taken.count)
        return taken
    }

    func next() throws(ImportRefused) -> [UInt8]? {
        guard held.isEmpty else {
            defer { held = [] }
            return held
        }
        return try stream.next()
    }
}
