// Bytes that nobody may see: one place in memory, kept out of swap where the system allows it,
// wiped when the last user lets go. Best effort, and said so: a copy in a register or in a
// library's own memory is beyond us.

import CBotan
import Glibc

final class SecretBytes {
    private let storage: UnsafeMutableRawBufferPointer

    /// Zeros, to be filled in place.
    init(count: Int) {
        storage = .allocate(byteCount: count, alignment: 16)
        storage.initializeMemory(as: UInt8.self, repeating: 0)
        // Refused beyond a limit of the system; the key works all the same.
        mlock(storage.baseAddress, count)
    }

    deinit {
        botan_scrub_mem(storage.baseAddress, storage.count)
        munlock(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    var count: Int { storage.count }

    func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
        body(storage)
    }
}
