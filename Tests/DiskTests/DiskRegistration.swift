import CSQLite
import Glibc
import Synchronization

/// Puts a disk in the place where SQLite looks for file systems. What it does not do itself (time,
/// chance) is the usual one's. A disk stays as long as the process: SQLite keeps its address.
enum DiskRegistration {
    static func publish(_ disk: FaultyDisk) {
        guard let usual = sqlite3_vfs_find(nil) else {
            preconditionFailure("SQLite has a file system of its own")
        }
        let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        system.initialize(to: usual.pointee)
        system.pointee.zName = UnsafePointer(strdup(disk.name))
        system.pointee.pNext = nil
        system.pointee.szOsFile = Int32(MemoryLayout<OpenFile>.size)
        system.pointee.pAppData = Unmanaged.passRetained(disk).toOpaque()
        system.pointee.xOpen = openFile
        system.pointee.xDelete = deleteFile
        system.pointee.xAccess = accessFile
        system.pointee.xFullPathname = fullPath
        let code = sqlite3_vfs_register(system, 0)
        precondition(code == SQLITE_OK, "SQLite takes a file system")
    }
}

/// What SQLite sees of an open file: its table of calls first, then what is ours.
struct OpenFile {
    var base: sqlite3_file
    var disk: Unmanaged<FaultyDisk>
    var path: UnsafeMutablePointer<CChar>
}

private func disk(_ system: UnsafeMutablePointer<sqlite3_vfs>?) -> FaultyDisk? {
    system?.pointee.pAppData.map { Unmanaged<FaultyDisk>.fromOpaque($0).takeUnretainedValue() }
}

private func open(_ file: UnsafeMutablePointer<sqlite3_file>?) -> (FaultyDisk, String)? {
    guard let file else { return nil }
    return UnsafeMutableRawPointer(file).withMemoryRebound(to: OpenFile.self, capacity: 1) {
        ($0.pointee.disk.takeUnretainedValue(), String(cString: $0.pointee.path))
    }
}

// MARK: The file system

private func openFile(
    _ system: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
    _ outFlags: UnsafeMutablePointer<Int32>?
) -> Int32 {
    guard let disk = disk(system), let file else { return SQLITE_CANTOPEN }
    let path = name.map { String(cString: $0) } ?? "temporary"
    let isThere = disk.state.withLock { state in
        if state.files[path] == nil, flags & SQLITE_OPEN_CREATE != 0 {
            state.files[path] = DiskFile()
        }
        return state.files[path] != nil
    }
    file.pointee.pMethods = nil
    guard isThere else { return SQLITE_CANTOPEN }
    UnsafeMutableRawPointer(file).initializeMemory(
        as: OpenFile.self,
        to: OpenFile(
            base: sqlite3_file(pMethods: UnsafePointer(bitPattern: fileCalls)),
            disk: .passUnretained(disk),
            path: strdup(path)))
    outFlags?.pointee = flags
    return SQLITE_OK
}

private func deleteFile(
    _ system: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?, _ sync: Int32
) -> Int32 {
    guard let disk = disk(system), let name else { return SQLITE_IOERR }
    let path = String(cString: name)
    let was = disk.state.withLock { $0.files.removeValue(forKey: path) }
    return was == nil ? DiskCode.notThere : SQLITE_OK
}

private func accessFile(
    _ system: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?, _ flags: Int32,
    _ result: UnsafeMutablePointer<Int32>?
) -> Int32 {
    guard let disk = disk(system), let name else { return SQLITE_IOERR }
    let path = String(cString: name)
    result?.pointee = disk.state.withLock { $0.files[path] == nil ? 0 : 1 }
    return SQLITE_OK
}

private func fullPath(
    _ system: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?, _ count: Int32,
    _ out: UnsafeMutablePointer<CChar>?
) -> Int32 {
    guard let name, let out, strlen(name) < Int(count) else { return SQLITE_CANTOPEN }
    strcpy(out, name)
    return SQLITE_OK
}

/// Extended codes, which are sums of macros in C.
enum DiskCode {
    static let shortRead = SQLITE_IOERR | (2 << 8)
    static let writeFailed = SQLITE_IOERR | (3 << 8)
    static let syncFailed = SQLITE_IOERR | (4 << 8)
    static let notThere = SQLITE_IOERR | (23 << 8)
}

// MARK: Files

/// The address of one table for all files of all disks; SQLite keeps it.
private let fileCalls: UInt = {
    let calls = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    var table = sqlite3_io_methods()
    table.iVersion = 1
    table.xClose = { file in
        guard let file else { return SQLITE_OK }
        UnsafeMutableRawPointer(file).withMemoryRebound(to: OpenFile.self, capacity: 1) {
            free($0.pointee.path)
        }
        return SQLITE_OK
    }
    table.xRead = { file, bytes, count, offset in
        guard let (disk, path) = open(file) else { return SQLITE_IOERR }
        let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
        let isWhole = disk.state.withLock { $0.read(path, into: buffer, at: Int(offset)) }
        return isWhole ? SQLITE_OK : DiskCode.shortRead
    }
    table.xWrite = { file, bytes, count, offset in
        guard let (disk, path) = open(file) else { return SQLITE_IOERR }
        let buffer = UnsafeRawBufferPointer(start: bytes, count: Int(count))
        return disk.state.withLock { $0.write(buffer, to: path, at: Int(offset)) }
    }
    table.xTruncate = { file, count in
        guard let (disk, path) = open(file) else { return SQLITE_IOERR }
        disk.state.withLock { state in
            let excess = (state.files[path]?.bytes.count ?? 0) - Int(count)
            state.files[path]?.bytes.removeLast(max(0, excess))
        }
        return SQLITE_OK
    }
    table.xSync = { file, _ in
        guard let (disk, path) = open(file) else { return SQLITE_IOERR }
        while disk.state.withLock({ $0.plan.holdsSyncs }) { usleep(1_000) }
        return disk.state.withLock { $0.sync(path) }
    }
    table.xFileSize = { file, count in
        guard let (disk, path) = open(file) else { return SQLITE_IOERR }
        count?.pointee = Int64(disk.state.withLock { $0.files[path]?.bytes.count ?? 0 })
        return SQLITE_OK
    }
    table.xLock = { _, _ in SQLITE_OK }
    table.xUnlock = { _, _ in SQLITE_OK }
    table.xCheckReservedLock = { _, result in
        result?.pointee = 0
        return SQLITE_OK
    }
    table.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    table.xSectorSize = { _ in Int32(FaultyDisk.sectorByteCount) }
    table.xDeviceCharacteristics = { _ in 0 }
    calls.initialize(to: table)
    return UInt(bitPattern: calls)
}()
