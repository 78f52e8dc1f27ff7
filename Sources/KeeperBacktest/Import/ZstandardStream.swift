import CZstd

/// What zstd wrote, unpacked a piece at a time. Not Sendable.
final class ZstandardStream: ByteStream {
    private let packed: any ByteStream
    private let path: String
    private let context: OpaquePointer
    private var input: [UInt8] = []
    private var inputOffset = 0
    /// What the library wants next; nothing at the end of a frame.
    private var isInsideFrame = false
    private var mayHoldMore = false
    private static let pieceByteCount = 256 << 10
    /// Frames that need a larger window than 128 MiB are refused: a file is no reason to take any
    /// memory that it names.
    private static let windowLogMax: Int32 = 27

    init(_ packed: any ByteStream, path: String) throws(ImportRefused) {
        guard let context = ZSTD_createDCtx() else {
            throw ImportRefused(file: path, "cannot be unpacked: zstd does not start")
        }
        self.packed = packed
        self.path = path
        self.context = context
        // The limit is a constant within the library's bounds, which is all that it can refuse.
        _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLogMax)
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    func next() throws(ImportRefused) -> [UInt8]? {
        while try fill() {
            let piece = try unpackPiece()
            if !piece.isEmpty { return piece }
        }
        guard !isInsideFrame else {
            throw ImportRefused(file: path, "ends inside its zstd data; is it whole?")
        }
        return nil
    }

    private func fill() throws(ImportRefused) -> Bool {
        guard inputOffset == input.count, !mayHoldMore else { return true }
        guard let piece = try packed.next() else { return false }
        (input, inputOffset) = (piece, 0)
        return true
    }

    private func unpackPiece() throws(ImportRefused) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
        var result = 0
        var filled = 0
        input.withUnsafeBytes { input in
            piece.withUnsafeMutableBytes { output in
                var from = ZSTD_inBuffer(
                    src: input.baseAddress, size: input.count, pos: inputOffset)
                var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                result = ZSTD_decompressStream(context, &to, &from)
                (inputOffset, filled) = (from.pos, to.pos)
            }
        }
        guard ZSTD_isError(result) == 0 else {
            throw ImportRefused(
                file: path, "is damaged: \(String(cString: ZSTD_getErrorName(result)))")
        }
        isInsideFrame = result != 0
        // A full piece may have left something behind in the library.
        mayHoldMore = filled == piece.count && isInsideFrame
        piece.removeLast(piece.count - filled)
        return piece
    }
}
