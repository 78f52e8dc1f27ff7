import CLinux
import Glibc
import KeeperCommands
import KeeperJournal
package import KeeperRuntime

/// Looks at what a keeper needs of its machine. Changes nothing.
package enum MachineDoctor {
    private static let mebibyte: UInt64 = 1 << 20
    /// A day of decisions and a recording; and what a journal needs to go on at all.
    private static let freeBytesWanted = 1_024 * mebibyte
    private static let freeBytesNeeded = 100 * mebibyte
    private static let descriptorsWanted: UInt64 = 1_024
    private static let descriptorsNeeded: UInt64 = 128

    /// A folder that is not there yet is judged by the one that it will be made in.
    package static func disk(_ folder: String) -> Finding {
        var place = folder
        while access(place, F_OK) != 0, let slash = place.lastIndex(of: "/") {
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        if access(place, F_OK) != 0 { place = "." }
        guard access(place, W_OK) == 0 else {
            return .bad("disk", "\(place): this user cannot write there", .cannotCreate)
        }
        var status = statvfs()
        guard statvfs(place, &status) == 0 else {
            return .bad("disk", "\(place): \(String(cString: strerror(errno)))", .inputOutput)
        }
        return disk(freeBytes: UInt64(status.f_bavail) * UInt64(status.f_frsize), at: place)
    }

    package static func disk(freeBytes: UInt64, at place: String) -> Finding {
        let text = "\(place): \(freeBytes / mebibyte) MiB free"
        if freeBytes < freeBytesNeeded {
            return .bad("disk", text + "; make room, or name another state folder", .inputOutput)
        }
        return freeBytes < freeBytesWanted
            ? .warning("disk", text + "; 1024 MiB last for longer") : .good("disk", text)
    }

    package static func descriptors() -> Finding {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return .warning("descriptors", "their limit cannot be read")
        }
        return descriptors(limit: UInt64(limit.rlim_cur))
    }

    package static func descriptors(limit: UInt64) -> Finding {
        let text = "at most \(limit)"
        if limit < descriptorsNeeded {
            return .bad("descriptors", text + "; raise it with 'ulimit -n 1024'", .unavailable)
        }
        return limit < descriptorsWanted
            ? .warning("descriptors", text + "; 1024 is usual") : .good("descriptors", text)
    }

    /// Each file with the private half of a key, once. Credentials are the supervisor's to guard.
    package static func keys(_ config: Config, _ environment: [String: String]) -> [Finding] {
        var seen: Set<KeySource> = []
        return config.venues.map(\.key).filter { seen.insert($0).inserted }.map { source in
            key(source, isNeeded: config.live.isEnabled, environment)
        }
    }

    private static func key(
        _ source: KeySource, isNeeded: Bool, _ environment: [String: String]
    ) -> Finding {
        guard let path = source.path(environment) else {
            return .warning("key", "a credential, which only the service has")
        }
        return source.isCredential
            ? .good("key", "\(path): a credential") : key(path, isNeeded: isNeeded)
    }

    package static func key(_ path: String, isNeeded: Bool) -> Finding {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let text = "\(path): is not there; 'bailiff keys new \(path)' makes one"
            return isNeeded
                ? .bad("key", text, .permission) : .good("key", "none: it can only watch")
        }
        guard status.st_uid == geteuid() || geteuid() == 0 else {
            return .bad("key", "\(path): belongs to user \(status.st_uid)", .permission)
        }
        guard SmallFile.isPrivate(path) else {
            return .bad(
                "key", "\(path): others may read it; chmod 600 \(path)",
                .permission)
        }
        return .good("key", "\(path): for its owner only")
    }

    package static func audit(_ folder: String) -> Finding {
        let path = folder + "/" + AuditLog.fileName
        guard let bytes = SmallFile.contents(of: path) else {
            return .good("audit", "\(path): nothing was changed here yet")
        }
        let reading = AuditReading(bytes)
        return reading.damage.map { .bad("audit", "\(path): \($0)", .badInput) }
            ?? .good("audit", "\(path): \(reading.head.lineCount) lines, each follows")
    }

    /// The books, unless a keeper has them open.
    package static func books(_ folder: String) -> Finding {
        guard access(folder + "/journal.sqlite", F_OK) == 0 else {
            return .good("journal", "\(folder): none yet")
        }
        do {
            let (journal, _) = try Station.existingBooks(in: folder)
            let damage = try journal.findDamage()
            return damage.isEmpty
                ? .good("journal", "\(folder): whole")
                : .bad(
                    "journal", "\(folder): " + damage.prefix(5).joined(separator: "; "), .badInput)
        } catch let problem as StartProblem where problem.code == .tryLater {
            return .good("journal", "\(folder): a keeper has it open")
        } catch {
            return .bad("journal", "\(error)", .inputOutput)
        }
    }
}
