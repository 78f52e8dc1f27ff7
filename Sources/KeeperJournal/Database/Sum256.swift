import CSQLite
import WideMath

/// The SQL function `sum256(blob)`: exact sums of 32-byte big-endian two's complement integers.
/// SQLite's own SUM would turn them into floating point. No rows sum to zero; a sum beyond 256 bits
/// is an error, never a wrapped number.
enum Sum256 {
    static let overflowMessage = "sum256: beyond 256 bits"

    static func register(on database: OpaquePointer) -> Int32 {
        // Innocuous: triggers of a schema that is not trusted may call it.
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        return sqlite3_create_function_v2(
            database, "sum256", 1, flags, nil, nil,
            { context, _, arguments in Sum256.add(context, arguments) },
            { context in Sum256.finish(context) }, nil)
    }

    /// Lives in memory that SQLite hands out zeroed, so all zero must mean an empty sum.
    private struct Running {
        var sum: Int256
        var hasOverflowed: Bool
    }

    private static func running(_ context: OpaquePointer?) -> UnsafeMutablePointer<Running>? {
        let byteCount = Int32(MemoryLayout<Running>.size)
        return sqlite3_aggregate_context(context, byteCount)?.assumingMemoryBound(to: Running.self)
    }

    private static func add(
        _ context: OpaquePointer?, _ arguments: UnsafeMutablePointer<OpaquePointer?>?
    ) {
        guard let running = running(context) else {
            sqlite3_result_error_nomem(context)
            return
        }
        let argument = arguments?[0]
        let count = Int(sqlite3_value_bytes(argument))
        guard sqlite3_value_type(argument) == SQLITE_BLOB,
            let bytes = sqlite3_value_blob(argument),
            let value = Int256(
                bigEndianBytes: UnsafeRawBufferPointer(start: bytes, count: count))
        else {
            sqlite3_result_error(context, "sum256: not a blob of 32 bytes", -1)
            return
        }
        let (sum, overflowed) = running.pointee.sum.addingReportingOverflow(value)
        running.pointee.sum = sum
        if overflowed { running.pointee.hasOverflowed = true }
    }

    private static func finish(_ context: OpaquePointer?) {
        guard let running = running(context) else {
            sqlite3_result_error_nomem(context)
            return
        }
        if running.pointee.hasOverflowed {
            sqlite3_result_error(context, overflowMessage, -1)
            return
        }
        csqlite_result_blob(context, running.pointee.sum.bigEndianBytes, 32)
    }
}
