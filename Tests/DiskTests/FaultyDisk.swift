import CSQLite
import Synchronization

/// A disk in memory for SQLite that does what real ones do on bad days: forgets what was never
/// synced, tears pages, fails the n-th write or sync, is full, takes its time.
///
/// Every byte has two states: what reads see, and what outlives the power. A sync carries a file
/// from the first to the second.
final class FaultyDisk: Sendable {
    static let sectorByteCount = 512

    let name: String
    let state: Mutex<DiskState>

    private static let nextNumber = Mutex(0)

    init(_ files: [String: DiskFile] = [:]) {
        let number = Self.nextNumber.withLock { number in
            number += 1
            return number
        }
        name = "faulty-\(number)"
        state = Mutex(DiskState(files: files))
        DiskRegistration.publish(self)
    }

    /// From here on these faults happen; counting starts anew.
    func plan(_ plan: FaultPlan) {
        state.withLock { state in
            state.plan = plan
            state.writeCount = 0
            state.syncCount = 0
        }
    }

    var syncCount: Int { state.withLock { $0.syncCount } }
    var writeCount: Int { state.withLock { $0.writeCount } }
    var byteCount: Int { state.withLock { $0.files.reduce(0) { $0 + $1.value.bytes.count } } }

    /// The disk as it would be found after the process was killed now: nothing is lost.
    func afterKill() -> FaultyDisk { FaultyDisk(state.withLock { $0.files }) }

    /// The disk as it would be found after the power went now. Of what was never synced nothing is
    /// left, or every second sector, which tears pages.
    func afterPowerLoss(tearing: Bool) -> FaultyDisk {
        FaultyDisk(
            state.withLock { state in
                state.files.compactMapValues { $0.afterPowerLoss(tearing: tearing) }
            })
    }
}

/// What goes wrong, and when.
struct FaultPlan: Sendable {
    enum Operation: Sendable, CaseIterable { case write, sync }
    enum Duration: Sendable, CaseIterable { case once, forEver }

    var operation: Operation?
    /// The first that fails, from 1.
    var number = 1
    var duration = Duration.once
    /// More than this many bytes of all files together do not fit.
    var byteCountMax: Int?
    /// Syncs wait until they are let go.
    var holdsSyncs = false

    func fails(_ operation: Operation, _ count: Int) -> Bool {
        guard self.operation == operation else { return false }
        return duration == .once ? count == number : count >= number
    }
}

/// One file: what reads see, and what outlives the power, nil before its first sync.
struct DiskFile: Sendable {
    var bytes: [UInt8] = []
    var durable: [UInt8]?

    mutating func write(_ new: UnsafeRawBufferPointer, at offset: Int) {
        if bytes.count < offset + new.count {
            bytes += [UInt8](repeating: 0, count: offset + new.count - bytes.count)
        }
        bytes.replaceSubrange(offset..<(offset + new.count), with: new)
    }

    func afterPowerLoss(tearing: Bool) -> DiskFile? {
        guard tearing else { return durable.map { DiskFile(bytes: $0, durable: $0) } }
        var torn = durable ?? []
        let sectors = stride(from: 0, to: bytes.count, by: FaultyDisk.sectorByteCount).enumerated()
        for (number, start) in sectors where number % 2 == 0 {
            let end = min(start + FaultyDisk.sectorByteCount, bytes.count)
            if torn.count < end { torn += [UInt8](repeating: 0, count: end - torn.count) }
            torn.replaceSubrange(start..<end, with: bytes[start..<end])
        }
        return DiskFile(bytes: torn, durable: torn)
    }
}

struct DiskState: Sendable {
    var files: [String: DiskFile]
    var plan = FaultPlan()
    var writeCount = 0
    var syncCount = 0

    mutating func write(_ bytes: UnsafeRawBufferPointer, to path: String, at offset: Int) -> Int32 {
        writeCount += 1
        if plan.fails(.write, writeCount) { return DiskCode.writeFailed }
        var file = files[path] ?? DiskFile()
        let others = files.reduce(0) { $0 + ($1.key == path ? 0 : $1.value.bytes.count) }
        let needed = others + max(file.bytes.count, offset + bytes.count)
        if let most = plan.byteCountMax, needed > most { return SQLITE_FULL }
        file.write(bytes, at: offset)
        files[path] = file
        return SQLITE_OK
    }

    /// A sync that fails has carried nothing, and the system may believe that it has: the next one
    /// finds nothing to do.
    mutating func sync(_ path: String) -> Int32 {
        syncCount += 1
        if plan.fails(.sync, syncCount) { return DiskCode.syncFailed }
        let bytes = files[path]?.bytes
        files[path]?.durable = bytes
        return SQLITE_OK
    }

    func read(_ path: String, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
        let bytes = files[path]?.bytes ?? []
        let end = min(offset + buffer.count, bytes.count)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        if offset < end { buffer.copyBytes(from: bytes[offset..<end]) }
        return offset + buffer.count <= bytes.count
    }
}
