/// The words that make libcurl write stand in one room only: a program without that room has no
/// code that could send.
struct WriteDoorRule: FileRule {
    private static let options: Set<String> = [
        "CURLOPT_POST", "CURLOPT_POSTFIELDS", "CURLOPT_COPYPOSTFIELDS", "CURLOPT_POSTFIELDSIZE",
        "CURLOPT_POSTFIELDSIZE_LARGE", "CURLOPT_MIMEPOST", "CURLOPT_HTTPPOST", "CURLOPT_UPLOAD",
        "CURLOPT_PUT", "CURLOPT_CUSTOMREQUEST", "CURLOPT_READFUNCTION",
    ]

    func complaints(about file: SourceFile) -> [Complaint] {
        guard file.place != .room("KeeperWriteDoor"), file.place != .room("HouseRules") else {
            return []
        }
        return eachToken(of: file) { _, token in
            guard token.kind == .word, Self.options.contains(token.text) else { return nil }
            return file.complaint(
                .writeDoor, line: token.line, "\(token.text) outside of KeeperWriteDoor",
                "make the request there; everything else reads")
        }
    }
}
