import KeeperCodec
package import KeeperRuntime

/// What a result rests on. A report without it is none.
package struct ReportHead: Sendable {
    /// The file's name, without where it lies.
    package let recording: String
    package let recordingHash: String
    package let configHash: String
    package let build: String
    package let assumptions: [String]
    /// How many strategies or settings were tried on this recording: the best of many flatters
    /// itself.
    package let triedCount: Int

    package init(
        recordings paths: [String], workplace: Workplace, assumptions: [String], triedCount: Int
    ) throws(KeeperStop) {
        recording = paths.map { String($0.split(separator: "/").last ?? "recording") }
            .joined(separator: ", ")
        recordingHash = try paths.map { path throws(KeeperStop) in
            try FileHash.sha256(of: path)
        }.joined(separator: ", ")
        configHash = Self.hash(
            workplace.config.text + workplace.strategyTexts.map(\.text).joined(separator: "\n"))
        build = Workplace.build
        self.assumptions = assumptions
        self.triedCount = triedCount
    }

    package init(
        recording: String, recordingHash: String, configHash: String, build: String,
        assumptions: [String], triedCount: Int
    ) {
        self.recording = recording
        self.recordingHash = recordingHash
        self.configHash = configHash
        self.build = build
        self.assumptions = assumptions
        self.triedCount = triedCount
    }

    static func hash(_ text: String) -> String {
        Hex.encode(SHA256.hash(Array(text.utf8)))
    }

    func write(to json: inout JSONWriter) {
        json.member("recording", recording)
        json.member("recordingSHA256", recordingHash)
        json.member("configSHA256", configHash)
        json.member("build", build)
        json.member("tried", UInt64(triedCount))
        json.key("assumptions")
        json.beginArray()
        for assumption in assumptions { json.string(assumption) }
        json.endArray()
    }
}
