import Glibc

/// Why a recording cannot be read or written. Offsets count bytes from the start of the file.
package enum RecordingError: Error, Equatable, Sendable {
    case notARecording(path: String)
    case unknownVersion(found: UInt32, known: UInt32)
    case malformedHeader(detail: String)
    /// A pinned text in the header does not have the hash that stands beside it.
    case pinBroken(name: String)
    /// The file ends inside a frame; `RecordingRepair` makes a copy without the rest.
    case tornTail(offset: UInt64)
    case damaged(offset: UInt64, Damage)
    /// A frame declares more than is ever taken.
    case tooLarge(offset: UInt64, declaredByteCount: UInt64, byteCountMax: UInt64)
    case timeWentBack(offset: UInt64, kind: RowKind, sequence: UInt64)
    case gap(offset: UInt64, kind: RowKind, expected: UInt64, found: UInt64)
    /// A row that is to be written is larger than a frame may be.
    case rowTooLarge(byteCount: Int)
    case alreadyExists(path: String)
    /// It is whole, and what was asked for cannot be done with it.
    case unfit(reason: String)
    /// A system call failed.
    case failed(call: String, code: Int32, path: String)

    /// There is no such file.
    package var isAbsence: Bool {
        if case .failed(_, ENOENT, _) = self { true } else { false }
    }

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

/// For people, behind the name of the file.
extension RecordingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notARecording: "is not a recording"
        case .unknownVersion(let found, let known):
            "has format \(found); this program reads format \(known)"
        case .malformedHeader(let detail): "has a header that cannot be read: \(detail)"
        case .pinBroken(let name): "pins '\(name)' with another text than its hash says"
        case .tornTail(let offset):
            "ends inside a frame at byte \(offset), as after a crash; "
                + "'bailiff recordings repair' makes a copy without the torn end"
        case .damaged(let offset, let damage): "is damaged at byte \(offset): \(damage)"
        case .tooLarge(let offset, let declared, let most):
            "claims \(declared) bytes at byte \(offset); at most \(most) are taken"
        case .timeWentBack(let offset, let kind, let sequence):
            "goes back in time at \(kind) \(sequence), in the frame at byte \(offset)"
        case .gap(let offset, let kind, let expected, let found):
            "lacks \(kind) \(expected) before \(found), in the frame at byte \(offset)"
        case .rowTooLarge(let byteCount): "cannot take a row of \(byteCount) bytes"
        case .alreadyExists:
            "exists already; a recording is never overwritten, choose another name"
        case .unfit(let reason): reason
        case .failed(let call, let code, _): "\(String(cString: strerror(code))) (\(call))"
        }
    }
}

extension RecordingError.Damage: CustomStringConvertible {
    package var description: String {
        switch self {
        case .frameHeader: "no frame begins there"
        case .checksum: "the checksum is another"
        case .inflation: "it does not unpack to the size that it declares"
        case .row: "its rows are not those that it declares"
        case .payload(let detail): detail
        case .index: "the index does not fit the frames"
        }
    }
}
