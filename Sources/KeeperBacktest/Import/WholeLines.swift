/// The lines of a file, some at a time: whole ones, each with its end. The last line of the file
/// needs none.
struct WholeLines {
    private let bytes: UnpackedFile
    private let file: String
    private var held: [UInt8] = []
    private var hasEnded = false

    private static let lineByteCountMax = 1 << 20
    static let newline = UInt8(ascii: "\n")

    init(file: String) throws(ImportRefused) {
        self.file = file
        bytes = try UnpackedFile(path: file)
    }

    mutating func next() throws(ImportRefused) -> [UInt8]? {
        while !hasEnded {
            guard let piece = try bytes.next() else {
                hasEnded = true
                defer { held = [] }
                return held.isEmpty ? nil : held + [Self.newline]
            }
            held += piece
            if let end = held.lastIndex(of: Self.newline) {
                let lines = Array(held[...end])
                held.removeSubrange(...end)
                return lines
            }
            guard held.count <= Self.lineByteCountMax else {
                throw ImportRefused(
                    file: file, "has a line longer than \(Self.lineByteCountMax) bytes")
            }
        }
        return nil
    }

    /// Of the file as it lies on the disk, once the last line was read.
    var sha256: [UInt8] { bytes.sha256 }
}
