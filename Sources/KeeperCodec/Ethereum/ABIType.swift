/// A type of a contract's interface.
package indirect enum ABIType: Hashable, Sendable {
    /// 8 to 256 bits, in eights.
    case uint(bits: Int)
    case int(bits: Int)
    case address
    case bool
    /// 1 to 32.
    case fixedBytes(Int)
    case bytes
    case string
    case array(ABIType)
    /// At least one.
    case fixedArray(ABIType, count: Int)
    /// At least one.
    case tuple([ABIType])

    package init(_ text: String) throws(ABIError) {
        var parser = ABITypeParser(text)
        self = try parser.type(depth: 0)
        try parser.expectEnd()
    }

    /// As it stands in the text that a selector is the hash of.
    package var canonicalText: String {
        switch self {
        case .uint(let bits): "uint\(bits)"
        case .int(let bits): "int\(bits)"
        case .address: "address"
        case .bool: "bool"
        case .fixedBytes(let count): "bytes\(count)"
        case .bytes: "bytes"
        case .string: "string"
        case .array(let element): element.canonicalText + "[]"
        case .fixedArray(let element, let count): element.canonicalText + "[\(count)]"
        case .tuple(let members): Self.canonicalText(of: members)
        }
    }

    static func canonicalText(of members: [ABIType]) -> String {
        "(" + members.map(\.canonicalText).joined(separator: ",") + ")"
    }

    /// Whether the value stands behind an offset and not in its own place.
    package var isDynamic: Bool {
        switch self {
        case .bytes, .string, .array: true
        case .fixedArray(let element, _): element.isDynamic
        case .tuple(let members): members.contains(where: \.isDynamic)
        default: false
        }
    }

    /// Words that the type takes in the head of its surroundings. The parser keeps this below
    /// `ABITypeParser.wordCountMax`.
    var headWordCount: Int {
        if isDynamic { return 1 }
        return switch self {
        case .fixedArray(let element, let count): element.headWordCount * count
        case .tuple(let members): Self.headWordCount(of: members)
        default: 1
        }
    }

    static func headWordCount(of members: [ABIType]) -> Int {
        members.reduce(0) { $0 + $1.headWordCount }
    }
}

package enum ABIError: Error, Hashable, Sendable {
    case malformedType(at: Int)
    /// A type nested too deep or too large to be laid out.
    case unreasonableType
    /// A value that does not belong to the type.
    case wrongValue(expected: String)
    case wrongValueCount(expected: Int)
    /// A word, an offset or a length that reaches beyond the data.
    case outOfBounds(at: Int)
    /// A word with bits that the type does not have.
    case malformedWord(at: Int)
    case malformedText(at: Int)
    /// More than anybody sends: offsets may name the same bytes again and again.
    case tooLarge
    case wrongTopic
}

/// Types of the form `(uint256,bytes32[4])[]`. Depth and size are bounded here, so that whoever
/// walks a type later is, too.
struct ABITypeParser {
    private static let depthMax = 16
    static let wordCountMax = 65_536

    private let text: [UInt8]
    private var position = 0

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func type(depth: Int) throws(ABIError) -> ABIType {
        guard depth < Self.depthMax else { throw .unreasonableType }
        var type = next == UInt8(ascii: "(") ? try tuple(depth: depth) : try word()
        var suffixCount = 0
        while next == UInt8(ascii: "[") {
            suffixCount += 1
            guard depth + suffixCount < Self.depthMax else { throw .unreasonableType }
            type = try array(of: type)
        }
        return type
    }

    /// Types in parentheses, separated by commas, for a function possibly none.
    mutating func members(depth: Int) throws(ABIError) -> [ABIType] {
        try expect("(")
        var members: [ABIType] = []
        if next == UInt8(ascii: ")") {
            position += 1
            return members
        }
        while true {
            members.append(try type(depth: depth + 1))
            guard ABIType.headWordCount(of: members) <= Self.wordCountMax else {
                throw .unreasonableType
            }
            guard next == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect(")")
        return members
    }

    mutating func name() throws(ABIError) -> String {
        let start = position
        while let byte = next, byte != UInt8(ascii: "(") {
            guard isNameByte(byte) else { throw .malformedType(at: position) }
            position += 1
        }
        guard position > start else { throw .malformedType(at: position) }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    func expectEnd() throws(ABIError) {
        guard position == text.count else { throw .malformedType(at: position) }
    }

    // MARK: Parts

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func expect(_ character: Unicode.Scalar) throws(ABIError) {
        guard next == UInt8(ascii: character) else { throw .malformedType(at: position) }
        position += 1
    }

    private mutating func tuple(depth: Int) throws(ABIError) -> ABIType {
        let start = position
        let members = try members(depth: depth)
        // A tuple of nothing takes no room, so any number of them would fit into any data.
        guard !members.isEmpty else { throw .malformedType(at: start) }
        return .tuple(members)
    }

    private mutating func array(of element: ABIType) throws(ABIError) -> ABIType {
        let start = position
        try expect("[")
        if next == UInt8(ascii: "]") {
            position += 1
            return .array(element)
        }
        guard let count = number(), count > 0, count <= Self.wordCountMax else {
            throw .malformedType(at: start)
        }
        try expect("]")
        let type = ABIType.fixedArray(element, count: count)
        guard element.headWordCount * count <= Self.wordCountMax else { throw .unreasonableType }
        return type
    }

    private mutating func word() throws(ABIError) -> ABIType {
        let start = position
        while let byte = next, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) {
            position += 1
        }
        let word = String(decoding: text[start..<position], as: UTF8.self)
        let digits = position
        let size = number()
        switch (word, size) {
        case ("address", nil) where position == digits: return .address
        case ("bool", nil) where position == digits: return .bool
        case ("string", nil) where position == digits: return .string
        case ("bytes", nil) where position == digits: return .bytes
        case ("bytes", let size?) where (1...32).contains(size): return .fixedBytes(size)
        case ("uint", let size?) where isIntegerSize(size): return .uint(bits: size)
        case ("int", let size?) where isIntegerSize(size): return .int(bits: size)
        default: throw .malformedType(at: start)
        }
    }

    private func isIntegerSize(_ bits: Int) -> Bool { (8...256).contains(bits) && bits % 8 == 0 }

    /// Up to five digits without a leading zero, or nil where none stands.
    private mutating func number() -> Int? {
        let start = position
        var number = 0
        while let byte = next, let digit = Decimal.digit(byte), position - start < 6 {
            number = number * 10 + Int(digit)
            position += 1
        }
        guard (1...5).contains(position - start), text[start] != UInt8(ascii: "0") else {
            return nil
        }
        return number
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
