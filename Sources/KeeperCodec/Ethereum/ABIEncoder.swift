import WideMath

/// Values to words, by the contract ABI specification: static values in place, dynamic ones behind
/// an offset that counts from the start of their tuple or from behind the length of their array.
package enum ABIEncoder {
    package static func encode(
        _ values: [ABIValue], as types: [ABIType]
    ) throws(ABIError) -> [UInt8] {
        guard values.count == types.count else { throw .wrongValueCount(expected: types.count) }
        var head: [UInt8] = []
        var tail: [UInt8] = []
        let headByteCount = 32 * ABIType.headWordCount(of: types)
        for (value, type) in zip(values, types) {
            guard type.isDynamic else {
                head += try encode(value, as: type)
                continue
            }
            head += word(UInt256(headByteCount + tail.count))
            tail += try encode(value, as: type)
        }
        return head + tail
    }

    private static func encode(_ value: ABIValue, as type: ABIType) throws(ABIError) -> [UInt8] {
        switch (type, value) {
        case (.uint(let bits), .uint(let number)) where fits(number, bits: bits):
            return number.bigEndianBytes
        case (.int(let bits), .int(let number)) where fits(number, bits: bits):
            return number.bigEndianBytes
        case (.address, .address(let address)):
            return [UInt8](repeating: 0, count: 12) + address.bytes
        case (.bool, .bool(let flag)): return word(flag ? 1 : 0)
        case (.fixedBytes(let count), .bytes(let bytes)) where bytes.count == count:
            return padded(bytes)
        case (.bytes, .bytes(let bytes)): return word(UInt256(bytes.count)) + padded(bytes)
        case (.string, .string(let text)):
            return word(UInt256(text.utf8.count)) + padded(Array(text.utf8))
        case (.array(let element), .list(let values)):
            let types = [ABIType](repeating: element, count: values.count)
            return word(UInt256(values.count)) + (try encode(values, as: types))
        case (.fixedArray(let element, let count), .list(let values)):
            return try encode(values, as: [ABIType](repeating: element, count: count))
        case (.tuple(let members), .list(let values)): return try encode(values, as: members)
        default: throw .wrongValue(expected: type.canonicalText)
        }
    }

    static func fits(_ number: UInt256, bits: Int) -> Bool {
        256 - number.leadingZeroBitCount <= bits
    }

    /// Two's complement: the magnitude, less one where it is negative, leaves room for the sign.
    static func fits(_ number: Int256, bits: Int) -> Bool {
        let pattern = number.isNegative ? ~number.bitPattern : number.bitPattern
        return fits(pattern, bits: bits - 1)
    }

    private static func word(_ value: UInt256) -> [UInt8] { value.bigEndianBytes }

    /// To whole words, on the right.
    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    }
}
