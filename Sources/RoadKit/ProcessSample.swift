import Foundation
package import Glibc

/// What a process takes of the machine at one moment, as the system says it.
package struct ProcessSample: Hashable, Sendable {
    package let residentByteCount: UInt64
    package let descriptorCount: Int

    package init(residentByteCount: UInt64, descriptorCount: Int) {
        self.residentByteCount = residentByteCount
        self.descriptorCount = descriptorCount
    }

    /// Nil where there is no such process any more.
    package init?(of process: pid_t) {
        // A process that has ended has neither file; that is the answer.
        guard let text = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8),
            let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd"),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ UInt64($0) })
        else { return nil }
        residentByteCount = pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
        descriptorCount = open.count
    }
}

/// How much room the files of a folder take, those in folders of it too.
package func byteCount(ofFolder path: String, where counts: (String) -> Bool = { _ in true })
    -> UInt64
{
    let files = FileManager.default
    // A folder that is not there yet takes no room.
    let names = (try? files.subpathsOfDirectory(atPath: path)) ?? []
    return names.filter(counts).reduce(0) { sum, name in
        var status = stat()
        guard lstat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return sum  // It went away meanwhile.
        }
        return sum + UInt64(status.st_size)
    }
}
