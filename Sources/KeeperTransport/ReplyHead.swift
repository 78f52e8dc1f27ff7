// Status line and headers as they arrive, one line per call. An interim reply (1xx) and a trailer
// come the same way; each status line starts over, the byte count does not.

struct ReplyHead {
    private(set) var fields: [HeaderField] = []
    private var bytesTaken = 0

    /// False when the bound is passed.
    mutating func take(_ line: UnsafeBufferPointer<UInt8>, bytesMax: Int) -> Bool {
        bytesTaken += line.count
        guard bytesTaken <= bytesMax else { return false }
        if line.starts(with: "HTTP/".utf8) {
            fields = []
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            fields.append(
                HeaderField(
                    String(decoding: line[..<colon], as: UTF8.self),
                    ReplyHead.trimmed(line[(colon + 1)...])))
        }
        return true
    }

    /// Anything but the identity, which is the absence of an encoding.
    var isEncoded: Bool {
        fields.contains { $0.name == "content-encoding" && $0.value.lowercased() != "identity" }
    }

    private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0d).contains(byte) }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}
