import CLinux
import Glibc
import KeeperCodec
import KeeperRuntime

/// In which form lines go to where the program's errors go.
package enum LogForm: String, CaseIterable, Sendable {
    /// For people at a terminal.
    case colour
    case logfmt
    case json
    /// Datagrams in the journal's own form, with fields that can be searched.
    case journald

    /// The journal where it is what errors are connected to, a terminal's form at a terminal,
    /// logfmt elsewhere.
    package static func fitting(_ environment: [String: String]) -> LogForm {
        if let stream = environment["JOURNAL_STREAM"], stream == identity(of: STDERR_FILENO) {
            return .journald
        }
        guard StandardStream.error.isTerminal else { return .logfmt }
        let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        return isPlain ? .logfmt : .colour
    }

    /// `DEVICE:INODE`, as the journal names the stream that it reads.
    static func identity(of descriptor: Int32) -> String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return "\(status.st_dev):\(status.st_ino)"
    }
}

/// How much a line matters: the numbers of `syslog(3)`.
package enum LogLevel: Int, Sendable {
    case error = 3
    case warning = 4
    case notice = 5
    case info = 6

    var name: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .notice: "notice"
        case .info: "info"
        }
    }
}

/// One event in one line.
package struct LogLine: Sendable {
    package let level: LogLevel
    /// A closed set of names: what happened.
    package let event: String
    package let message: String
    package let fields: [(name: String, value: String)]

    package init(
        _ level: LogLevel, _ event: String, _ message: String,
        fields: [(name: String, value: String)] = []
    ) {
        self.level = level
        self.event = event
        self.message = message
        self.fields = fields
    }

    package func bytes(in form: LogForm, at time: String) -> [UInt8] {
        switch form {
        case .colour: Array(coloured.utf8)
        case .logfmt: Array(logfmt(at: time).utf8)
        case .json: json(at: time)
        case .journald: journald
        }
    }

    private var coloured: String {
        let colour =
            switch level {
            case .error: "31"
            case .warning: "33"
            case .notice: "36"
            case .info: "0"
            }
        let rest = fields.map { " \($0.name)=\(Self.quoted($0.value))" }.joined()
        return "\u{1B}[\(colour)m\(event)\u{1B}[0m \(Self.visible(message))\(rest)\n"
    }

    private func logfmt(at time: String) -> String {
        let all =
            [("time", time), ("level", level.name), ("event", event), ("message", message)]
            + fields.map { ($0.name, $0.value) }
        return all.map { "\($0.0)=\(Self.quoted($0.1))" }.joined(separator: " ") + "\n"
    }

    private func json(at time: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("time", time)
        json.member("level", level.name)
        json.member("event", event)
        json.member("message", message)
        for field in fields { json.member(field.name, field.value) }
        json.endObject()
        return json.finish() + [UInt8(ascii: "\n")]
    }

    /// `NAME=VALUE` lines, or the name, a length of eight bytes and the value where it has a line
    /// break in it. Fields of ours begin with our name.
    private var journald: [UInt8] {
        var bytes: [UInt8] = []
        let all =
            [
                ("MESSAGE", message), ("MESSAGE_ID", messageID),
                ("PRIORITY", "\(level.rawValue)"),
                ("SYSLOG_IDENTIFIER", "bailiff"), ("BAILIFF_EVENT", event),
            ] + fields.map { ("BAILIFF_" + Self.journalName($0.name), $0.value) }
        for (name, value) in all {
            if value.utf8.contains(UInt8(ascii: "\n")) {
                bytes += Array(name.utf8) + [UInt8(ascii: "\n")]
                let count = UInt64(value.utf8.count).littleEndian
                withUnsafeBytes(of: count) { bytes += $0 }
                bytes += Array(value.utf8) + [UInt8(ascii: "\n")]
            } else {
                bytes += Array("\(name)=\(value)\n".utf8)
            }
        }
        return bytes
    }

    /// The same for every line of this kind, on every machine and for ever: a journal can be asked
    /// for it. Made of the event's name, so that no list of numbers has to be kept.
    private var messageID: String {
        Hex.encode(SHA256.hash(Array("bailiff \(event)".utf8)).prefix(16))
    }

    private static func journalName(_ name: String) -> String {
        var text = ""
        for character in name {
            if character.isUppercase { text.append("_") }
            text.append(contentsOf: character.uppercased())
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy {
                $0 > UInt8(ascii: " ") && $0 < 0x7F && $0 != UInt8(ascii: "\"")
                    && $0 != UInt8(ascii: "=")
            }
        guard !isPlain else { return text }
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.finish(), as: UTF8.self)
    }

    /// What comes from outside must not move a terminal's cursor.
    private static func visible(_ text: String) -> String {
        String(
            text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
}
