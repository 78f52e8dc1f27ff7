/// What a repair did.
package struct RepairReport: Hashable, Sendable {
    package let keptFrameCount: Int
    /// Bytes behind the last whole frame, lost; an index that was there is written anew.
    package let removedByteCount: UInt64
    package let wasFinished: Bool
}

/// A copy of a recording without its torn end, finished with an index. The original stays as it is.
///
/// Only an end is ever left out: if a whole frame stands anywhere behind the damage, the damage is
/// in the middle, and cutting there would throw good rows away. Then nothing is written and the
/// error names the offset.
package enum RecordingRepair {
    package static func repair(
        path: String, to copy: String, limits: RecordingLimits = .standard
    ) throws(RecordingError) -> RepairReport {
        let file = try RecordingFile(path: path, mode: .reading)
        let walk = try RecordingWalk(file, limits)
        _ = try walk.header(of: file)
        let zstandard = Zstandard()
        let (frames, end, damage) = try intactFrames(walk, file, limits, zstandard)
        let indexOffset = try walk.indexOffset(in: file)
        let wasFinished = indexOffset != nil
        var removedByteCount = walk.byteCount - end
        if indexOffset == end, try isIndexIntact(walk, file, end, zstandard) {
            removedByteCount = 0
        } else {
            // A footer is the writer's word that all frames before the index were whole once.
            let isInTheMiddle =
                if let indexOffset { indexOffset != end } else {
                    try hasFrame(behind: end, walk, file)
                }
            guard !isInTheMiddle else { throw .damaged(offset: end, damage) }
        }
        try write(file, upTo: end, frames, to: copy, zstandard)
        return RepairReport(
            keptFrameCount: frames.count, removedByteCount: removedByteCount,
            wasFinished: wasFinished)
    }

    private static func write(
        _ file: borrowing RecordingFile, upTo end: UInt64, _ frames: [PlacedFrame],
        to path: String, _ zstandard: Zstandard
    ) throws(RecordingError) {
        let copy = try RecordingFile(path: path, mode: .creating)
        var offset: UInt64 = 0
        while offset < end {
            let piece = try file.read(at: offset, byteCount: Int(min(1 << 20, end - offset)))
            guard !piece.isEmpty else { throw .tornTail(offset: offset) }
            try copy.write(piece)
            offset += UInt64(piece.count)
        }
        try RecordingEnd.write(frames, at: end, to: copy, zstandard)
        try copy.synchronize()
        try copy.synchronizeDirectory()
    }

    /// The frames from the first up to the first that is not whole, where that is, and why.
    private static func intactFrames(
        _ walk: RecordingWalk, _ file: borrowing RecordingFile, _ limits: RecordingLimits,
        _ zstandard: Zstandard
    ) throws(RecordingError) -> (frames: [PlacedFrame], end: UInt64, damage: RecordingError.Damage)
    {
        var frames: [PlacedFrame] = []
        var offset = walk.bodyOffset
        while case .frame(let frame) = try walk.step(at: offset, in: file),
            frame.header.kind != .index
        {
            do throws(RecordingError) {
                _ = try RecordingWalk.payload(of: frame, in: file, limits, zstandard)
            } catch {
                guard case .damaged(_, let damage) = error else { throw error }
                return (frames, offset, damage)
            }
            frames.append(frame)
            offset = frame.end
        }
        return (frames, offset, .frameHeader)
    }

    private static func isIndexIntact(
        _ walk: RecordingWalk, _ file: borrowing RecordingFile, _ offset: UInt64,
        _ zstandard: Zstandard
    ) throws(RecordingError) -> Bool {
        do throws(RecordingError) {
            _ = try walk.indexedFrames(at: offset, in: file, zstandard)
            return true
        } catch {
            guard case .damaged = error else { throw error }
            return false
        }
    }

    /// Whether a whole frame of rows stands behind the damage, looked for at every byte: the damage
    /// may have hit the length that leads to it.
    private static func hasFrame(
        behind offset: UInt64, _ walk: RecordingWalk, _ file: borrowing RecordingFile
    ) throws(RecordingError) -> Bool {
        let chunkByteCount = 1 << 20
        var start = offset + 1
        while start < walk.byteCount {
            // The magic may begin in this chunk and end in the next.
            let chunk = try file.read(
                at: start, byteCount: chunkByteCount + FrameHeader.magic.count - 1)
            for position in chunk.indices
            where chunk[position...].starts(with: FrameHeader.magic) {
                let step = try walk.step(at: start + UInt64(position), in: file)
                if case .frame(let frame) = step, frame.header.kind != .index { return true }
            }
            start += UInt64(chunkByteCount)
        }
        return false
    }
}
