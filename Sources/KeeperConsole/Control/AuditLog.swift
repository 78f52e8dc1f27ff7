import Glibc
import KeeperCodec
import KeeperCommands
package import KeeperModel
package import KeeperRuntime

/// Who changed what: one JSON object per line, each with the hash of the line before it, so that a
/// line that was altered, taken out or put in breaks the chain behind it. A line is on disk before
/// what it says is done. Not Sendable: it belongs to the thread that opened it.
package final class AuditLog {
    package let path: String
    private let descriptor: Int32
    private var head: AuditHead

    package static let fileName = "audit.jsonl"

    /// Goes on with the file where there is one. A chain that is broken is not gone on with.
    package init(path: String) throws(StartProblem) {
        self.path = path
        let bytes = SmallFile.contents(of: path) ?? []
        let reading = AuditReading(bytes)
        if let damage = reading.damage {
            throw StartProblem(
                .badInput,
                "\(path): \(damage); find out who changed it, then move the file away")
        }
        head = reading.head
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartProblem(
                .cannotCreate, "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
        guard reading.tornByteCount == 0 || removeTornEnd(after: reading.wholeByteCount) else {
            throw StartProblem(.inputOutput, "\(path): its torn end cannot be taken off")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Returns when the line is durable.
    package func append(_ entry: AuditEntry) throws(ControlProblem) {
        let line = entry.line(after: head)
        var rest = (line + [UInt8(ascii: "\n")])[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unwritable }
            rest = rest.dropFirst(count)
        }
        guard fdatasync(descriptor) == 0 else { throw unwritable }
        head = head.next(line)
    }

    private var unwritable: ControlProblem {
        ControlProblem(
            .inputOutput,
            "\(path): cannot be written: \(String(cString: strerror(errno))); nothing was changed")
    }

    /// What was not whole was never acted on.
    private func removeTornEnd(after byteCount: Int) -> Bool {
        ftruncate(descriptor, off_t(byteCount)) == 0
    }
}

/// What is written about one request.
package struct AuditEntry: Sendable {
    let at: Instant
    let peer: ControlPeer
    let role: ControlRole
    let request: ControlRequest

    package init(at: Instant, peer: ControlPeer, role: ControlRole, request: ControlRequest) {
        self.at = at
        self.peer = peer
        self.role = role
        self.request = request
    }

    func line(after head: AuditHead) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("number", head.lineCount + 1)
        json.member("previous", Hex.encode(head.hash))
        json.member("at", UTCText.text(at))
        json.member("user", UInt64(peer.user))
        json.member("process", Int64(peer.process))
        json.member("role", role.rawValue)
        json.member("verb", request.verb.rawValue)
        json.key("arguments")
        json.beginObject()
        request.writeArguments(to: &json)
        json.endObject()
        json.endObject()
        return json.finish()
    }
}

/// Where a chain ends.
package struct AuditHead: Hashable, Sendable {
    package fileprivate(set) var lineCount: UInt64 = 0
    /// Before the first line: zeros.
    package fileprivate(set) var hash = [UInt8](repeating: 0, count: SHA256.digestByteCount)

    func next(_ line: [UInt8]) -> AuditHead {
        var next = self
        next.lineCount += 1
        next.hash = SHA256.hash(line)
        return next
    }
}

/// A chain read from its beginning.
package struct AuditReading: Sendable {
    package private(set) var head = AuditHead()
    /// In words; nil where every line follows from the one before it.
    package private(set) var damage: String?
    package private(set) var wholeByteCount = 0
    /// Of a last line that has no end: its writer died, and what it says was not done.
    package private(set) var tornByteCount = 0

    package init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while damage == nil, let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(Array(rest[..<end]))
            rest = rest[(end + 1)...]
            wholeByteCount = end + 1
        }
        if damage == nil { tornByteCount = rest.count }
    }

    private mutating func take(_ line: [UInt8]) {
        let number = head.lineCount + 1
        // What is wrong with a line matters less than that it is not one of ours.
        guard let value = try? JSONValue.parse(line) else {
            damage = "line \(number) is no JSON"
            return
        }
        guard value["number"] == .number(JSONNumber(number)),
            value["previous"] == .string(Hex.encode(head.hash))
        else {
            damage = "line \(number) does not follow from the line before it"
            return
        }
        head = head.next(line)
    }
}
