import CZlib

/// What gzip wrote, inflated a piece at a time; members that follow each other are one text
/// (RFC 1952, section 2.2). A member that is torn off is an error, not the end.
final class GzipStream: ByteStream {
    private let packed: any ByteStream
    private let path: String
    private var stream = z_stream()
    private var input: [UInt8] = []
    private var inputOffset = 0
    private var isInsideMember = false
    private static let pieceByteCount = 256 << 10

    enum Form {
        case gzip
        /// The same without any wrapping, as a zip archive has it.
        case deflate

        /// A window of 15 bits; 16 more for the wrapping of gzip, less than nothing for none.
        var windowBits: Int32 { self == .gzip ? 31 : -15 }
        var name: String { self == .gzip ? "gzip" : "zip" }
    }

    private let form: Form

    init(
        _ packed: any ByteStream, path: String, form: Form = .gzip
    ) throws(ImportRefused) {
        self.packed = packed
        self.path = path
        self.form = form
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, form.windowBits, ZLIB_VERSION, size) == Z_OK else {
            throw ImportRefused(file: path, "cannot be unpacked: zlib does not start")
        }
    }

    deinit {
        inflateEnd(&stream)
    }

    func next() throws(ImportRefused) -> [UInt8]? {
        while try fill() {
            let piece = try inflatePiece()
            if !piece.isEmpty { return piece }
        }
        guard !isInsideMember else {
            throw ImportRefused(file: path, "ends inside its \(form.name) data; is it whole?")
        }
        return nil
    }

    /// False where nothing is left to unpack.
    private func fill() throws(ImportRefused) -> Bool {
        guard inputOffset == input.count else { return true }
        guard let piece = try packed.next() else { return false }
        (input, inputOffset) = (piece, 0)
        return true
    }

    private func inflatePiece() throws(ImportRefused) -> [UInt8] {
        var result: Int32 = Z_OK
        let wanted = input.count - inputOffset
        var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
        let given = piece.count
        input.withUnsafeMutableBufferPointer { input in
            piece.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress?.advanced(by: inputOffset)
                stream.avail_in = UInt32(wanted)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(given)
                result = inflate(&stream, Z_NO_FLUSH)
            }
        }
        inputOffset = input.count - Int(stream.avail_in)
        piece.removeLast(Int(stream.avail_out))
        isInsideMember = result != Z_STREAM_END
        if result == Z_STREAM_END { inflateReset(&stream) }
        guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
            throw ImportRefused(file: path, "is damaged: its \(form.name) data do not unpack")
        }
        return piece
    }
}
