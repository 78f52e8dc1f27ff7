import KeeperCodec
import KeeperCommands
import KeeperFeeds
import KeeperModel
import KeeperRuntime

/// `recordings info FILE`.
struct RecordingInfoPrinting {
    private let parsed: ParsedCommand
    private let path: String

    init(_ parsed: ParsedCommand) {
        self.parsed = parsed
        path = parsed.arguments[0]
    }

    func run() throws(StartProblem) -> ExitCode {
        let info: RecordingInfo
        do {
            info = try RecordingInfo(try RecordingReader(path: path, leavesTornTail: true))
        } catch {
            throw StartProblem(error.isAbsence ? .inputMissing : .badInput, "\(path): \(error)")
        }
        if parsed.has("json") {
            StandardStream.output.line(jsonText(info))
        } else {
            for line in lines(info) { StandardStream.output.line(line) }
        }
        return .done
    }

    private func lines(_ info: RecordingInfo) -> [String] {
        let header = info.header
        var lines = [
            "\(path): \(info.byteCount) bytes, sha256 \(Hex.encode(info.sha256))",
            "made \(UTCText.text(header.createdAt)) by \(header.build), events of the form "
                + header.eventSchema,
            "of \(header.domains.map(\.text).joined(separator: ", ")), "
                + (header.isOfRun ? "a run with its answers" : "feeds alone"),
            tail(info.tail),
        ]
        for kind in info.kinds {
            lines.append(
                "\(kind.kind.name): \(kind.rowCount) rows in \(kind.frameCount) frames, "
                    + "\(kind.byteCount) bytes of \(kind.unpackedByteCount), from "
                    + "\(UTCText.text(kind.firstAvailableAt)) to "
                    + UTCText.text(kind.lastAvailableAt))
        }
        for (word, pin) in pins(header) {
            lines.append(
                "\(word) \(pin.name): \(pin.text.utf8.count) bytes, sha256 "
                    + Hex.encode(pin.sha256))
        }
        return lines
    }

    private func tail(_ tail: RecordingInfo.Tail) -> String {
        switch tail {
        case .finished: "finished: closed by its writer, with an index"
        case .unfinished: "not finished: its writer was stopped, its last frame is whole"
        case .torn(let offset, let byteCount):
            "torn: its writer was stopped in the frame at byte \(offset); \(byteCount) bytes "
                + "there cannot be read, and 'bailiff recordings repair' makes a copy without them"
        }
    }

    private func pins(_ header: RecordingHeader) -> [(word: String, pin: PinnedText)] {
        [("config", header.config)] + header.strategies.map { ("strategy", $0) }
            + header.protocolParameters.map { ("parameter", $0) }
    }

    private func jsonText(_ info: RecordingInfo) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("recording", path)
        json.member("bytes", info.byteCount)
        json.member("sha256", Hex.encode(info.sha256))
        json.member("createdAt", UTCText.text(info.header.createdAt))
        json.member("build", info.header.build)
        json.member("eventSchema", info.header.eventSchema)
        json.member("domains", info.header.domains)
        json.member("isOfRun", info.header.isOfRun)
        json.member("tail", info.tail.name)
        if case .torn(let offset, let byteCount) = info.tail {
            json.member("tornAt", offset)
            json.member("tornBytes", byteCount)
        }
        json.key("rows")
        json.beginArray()
        for kind in info.kinds { write(kind, to: &json) }
        json.endArray()
        json.key("pins")
        json.beginArray()
        for (word, pin) in pins(info.header) {
            json.beginObject()
            json.member("of", word)
            json.member("name", pin.name)
            json.member("bytes", UInt64(pin.text.utf8.count))
            json.member("sha256", Hex.encode(pin.sha256))
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }

    private func write(_ kind: RecordingInfo.Kind, to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", kind.kind.name)
        json.member("rows", kind.rowCount)
        json.member("frames", kind.frameCount)
        json.member("bytes", kind.byteCount)
        json.member("unpackedBytes", kind.unpackedByteCount)
        json.member("from", UTCText.text(kind.firstAvailableAt))
        json.member("to", UTCText.text(kind.lastAvailableAt))
        json.endObject()
    }
}
