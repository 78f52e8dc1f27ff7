/// Why a recording cannot be read or written. Offsets count bytes from the start of the file.
package enum RecordingError: Error, Equatable, Sendable {
    case notARecording(path: String)
    case unknownVersion(found: UInt32, known: UInt32)
    case malformedHeader(detail: String)
    /// A pinned text in the header does not have the hash that stands beside it.
    case pinBroken(name: String)
    /// The file ends inside a frame; `RecordingRepair` takes the rest away.
    case tornTail(offset: UInt64)
    case damaged(offset: UInt64, Damage)
    /// A frame declares more than is ever taken.
    case tooLarge(offset: UInt64, declaredByteCount: UInt64, byteCountMax: UInt64)
    case timeWentBack(offset: UInt64, kind: RowKind, sequence: UInt64)
    case gap(offset: UInt64, kind: RowKind, expected: UInt64, found: UInt64)
    /// A row that is to be written is larger than a frame may be.
    case rowTooLarge(byteCount: Int)
    case alreadyExists(path: String)
    /// A system call failed.
    case failed(call: String, code: Int32, path: String)

    package enum Damage: Equatable, Sendable {
        case frameHeader
        case checksum
        /// The payload does not inflate to the size that the frame declares.
        case inflation
        case row
        case payload(detail: String)
        case index
    }
}
