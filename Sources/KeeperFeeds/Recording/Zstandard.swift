import CZstd

/// Zstandard over whole buffers, with contexts that are kept. Not Sendable.
final class Zstandard {
    private let compressor: OpaquePointer
    private let decompressor: OpaquePointer
    /// Level 9 gains nothing on our rows and level 19 takes 200 times as long.
    private static let level: Int32 = 3

    init() {
        guard let compressor = ZSTD_createCCtx(), let decompressor = ZSTD_createDCtx() else {
            preconditionFailure("out of memory for compression contexts")
        }
        self.compressor = compressor
        self.decompressor = decompressor
    }

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(decompressor)
    }

    func compress(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = ZSTD_compressCCtx(
                compressor, buffer.baseAddress, bound, bytes, bytes.count, Self.level)
            precondition(ZSTD_isError(count) == 0, "a buffer of the bound's size is enough")
        }
    }

    /// Exactly so many bytes, or nil. Memory is taken for the wanted count and never for more,
    /// whatever the compressed bytes would inflate to.
    func decompress(_ bytes: [UInt8], byteCount: Int) -> [UInt8]? {
        var isWhole = false
        let inflated = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            let result = ZSTD_decompressDCtx(
                decompressor, buffer.baseAddress, byteCount, bytes, bytes.count)
            isWhole = ZSTD_isError(result) == 0 && result == byteCount
            count = isWhole ? byteCount : 0
        }
        return isWhole ? inflated : nil
    }

    /// The most that so many bytes take when compressed.
    static func compressedByteCountMax(of byteCount: Int) -> Int { ZSTD_compressBound(byteCount) }
}
