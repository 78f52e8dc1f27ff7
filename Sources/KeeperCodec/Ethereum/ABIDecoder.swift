import WideMath

/// Words to values. Bytes behind the end are accepted, and so is a last byte string without its
/// padding, because nodes send both; everything else that is not laid out by the rules is refused.
package enum ABIDecoder {
    package static func decode(
        _ data: [UInt8], as types: [ABIType]
    ) throws(ABIError) -> [ABIValue] {
        // Each word of honest data is read once and each of its byte strings copied once.
        var reader = WordReader(data: data, budget: 4 * data.count + 4_096)
        return try reader.members(types, from: 0)
    }
}

private struct WordReader {
    let data: [UInt8]
    /// Bytes that may still be read: offsets that name the same place over and over use it up.
    private var budget: Int

    init(data: [UInt8], budget: Int) {
        self.data = data
        self.budget = budget
    }

    /// Values laid out from `start`, where offsets count from, too.
    mutating func members(_ types: [ABIType], from start: Int) throws(ABIError) -> [ABIValue] {
        var values: [ABIValue] = []
        var place = start
        for type in types {
            values.append(try value(type, at: place, base: start))
            place += 32 * type.headWordCount
        }
        return values
    }

    private mutating func value(
        _ type: ABIType, at place: Int, base: Int
    ) throws(ABIError) -> ABIValue {
        guard type.isDynamic else { return try staticValue(type, at: place) }
        let offset = try length(at: place)
        guard offset <= data.count - base else { throw .outOfBounds(at: place) }
        return try dynamicValue(type, at: base + offset)
    }

    private mutating func dynamicValue(_ type: ABIType, at place: Int) throws(ABIError) -> ABIValue
    {
        switch type {
        case .bytes: return .bytes(try byteString(at: place))
        case .string:
            let bytes = try byteString(at: place)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .malformedText(at: place)
            }
            return .string(text)
        case .array(let element):
            let count = try length(at: place)
            let room = (data.count - place - 32) / 32
            guard count <= room / element.headWordCount else { throw .outOfBounds(at: place) }
            return .list(try elements(element, count: count, from: place + 32))
        case .fixedArray(let element, let count):
            return .list(try elements(element, count: count, from: place))
        case .tuple(let members): return .list(try self.members(members, from: place))
        default: preconditionFailure("Only these types are dynamic")
        }
    }

    private mutating func elements(
        _ element: ABIType, count: Int, from start: Int
    ) throws(ABIError) -> [ABIValue] {
        var values: [ABIValue] = []
        for number in 0..<count {
            let place = start + 32 * element.headWordCount * number
            values.append(try value(element, at: place, base: start))
        }
        return values
    }

    private mutating func staticValue(_ type: ABIType, at place: Int) throws(ABIError) -> ABIValue {
        switch type {
        case .fixedArray(let element, let count):
            return .list(try elements(element, count: count, from: place))
        case .tuple(let members): return .list(try self.members(members, from: place))
        default:
            guard let value = Self.plain(type, try word(at: place)) else {
                throw .malformedWord(at: place)
            }
            return value
        }
    }

    /// Nil for a word with bits that the type does not have.
    private static func plain(_ type: ABIType, _ word: [UInt8]) -> ABIValue? {
        guard let number = UInt256(bigEndianBytes: word) else { return nil }
        switch type {
        case .uint(let bits): return ABIEncoder.fits(number, bits: bits) ? .uint(number) : nil
        case .int(let bits):
            let signed = Int256(bitPattern: number)
            return ABIEncoder.fits(signed, bits: bits) ? .int(signed) : nil
        case .address:
            guard word.prefix(12).allSatisfy({ $0 == 0 }) else { return nil }
            return EthereumAddress(Array(word.suffix(20))).map { .address($0) }
        case .bool:
            guard let flag = number.asUInt64, flag <= 1 else { return nil }
            return .bool(flag == 1)
        case .fixedBytes(let count):
            guard word.dropFirst(count).allSatisfy({ $0 == 0 }) else { return nil }
            return .bytes(Array(word.prefix(count)))
        default: return nil
        }
    }

    // MARK: Words

    private mutating func word(at place: Int) throws(ABIError) -> [UInt8] {
        try spend(32)
        guard place >= 0, place <= data.count - 32 else { throw .outOfBounds(at: place) }
        return Array(data[place..<place + 32])
    }

    /// A length or an offset: nothing that we hold is longer than the data.
    private mutating func length(at place: Int) throws(ABIError) -> Int {
        guard let number = UInt256(bigEndianBytes: try word(at: place)),
            let length = number.asUInt64, length <= UInt64(data.count)
        else { throw .outOfBounds(at: place) }
        return Int(length)
    }

    private mutating func byteString(at place: Int) throws(ABIError) -> [UInt8] {
        let count = try length(at: place)
        guard count <= data.count - place - 32 else { throw .outOfBounds(at: place) }
        try spend(count)
        return Array(data[place + 32..<place + 32 + count])
    }

    private mutating func spend(_ byteCount: Int) throws(ABIError) {
        budget -= byteCount
        guard budget >= 0 else { throw .tooLarge }
    }
}
