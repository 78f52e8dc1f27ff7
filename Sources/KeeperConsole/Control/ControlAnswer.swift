package import KeeperCodec
package import KeeperCommands

/// What a running keeper says to one request: for people in lines, for programs as JSON, and the
/// code with which a command ends that asked for it.
package struct ControlAnswer: JSONForm, Hashable, Sendable {
    package let code: ExitCode
    package let lines: [String]
    /// One JSON object; nil where there was a problem.
    package let json: String?
    package let problem: String?

    package init(lines: [String], json: String, code: ExitCode = .done) {
        self.code = code
        self.lines = lines
        self.json = json
        problem = nil
    }

    package init(problem: ControlProblem) {
        code = problem.code
        lines = []
        json = nil
        self.problem = problem.description
    }

    /// No line break stands outside of texts, and in them it is escaped: an answer is a line.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("exitCode", UInt64(code.rawValue))
        if let problem { json.member("problem", problem) }
        if let result = self.json {
            json.key("lines")
            json.beginArray()
            for line in lines { json.string(line) }
            json.endArray()
            json.key("result")
            json.embed(Array(result.utf8))
        }
        json.endObject()
    }

    package init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        _ = try object.required("schemaVersion").uint64
        let number: Int32 = try object.required("exitCode").integer(in: 0...255)
        code = ExitCode(rawValue: number) ?? .failed
        problem = try object.optional("problem").map { (text) throws(JSONReadError) in
            try text.freeText
        }
        let lines = object.optional("lines")
        self.lines =
            try lines.map { (list) throws(JSONReadError) in
                try list.array { (line) throws(JSONReadError) in try line.freeText }
            } ?? []
        json = object.optional("result").map { Self.text(of: $0.value) }
    }

    private static func text(of value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}

/// Why a request was not carried out.
package struct ControlProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: ExitCode
    package let description: String

    package init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}
