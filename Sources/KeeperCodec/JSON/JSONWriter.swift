package import WideMath

/// Writes one JSON text: no white space, members in the order given, so that the same calls always
/// give the same bytes. Strings escape only what RFC 8259 demands; everything else is plain UTF-8.
///
/// A call that does not fit the grammar (a value without a key in an object, an end without a
/// begin) is a bug and stops the program.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    private var open: [Container] = []
    private var isKeyWritten = false

    private struct Container {
        let isObject: Bool
        var isEmpty = true
    }

    package init(reservingBytes capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    package consuming func finish() -> [UInt8] {
        precondition(open.isEmpty && !bytes.isEmpty, "a text is finished at its end")
        return bytes
    }

    // MARK: Containers

    package mutating func beginObject() { begin(UInt8(ascii: "{"), isObject: true) }
    package mutating func endObject() { end(UInt8(ascii: "}"), isObject: true) }
    package mutating func beginArray() { begin(UInt8(ascii: "["), isObject: false) }
    package mutating func endArray() { end(UInt8(ascii: "]"), isObject: false) }

    package mutating func key(_ key: String) {
        precondition(open.last?.isObject == true && !isKeyWritten, "a key belongs in an object")
        separate()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        isKeyWritten = true
    }

    // MARK: Values

    package mutating func null() { raw("null") }
    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    package mutating func integer(_ value: Int64) { raw(String(value)) }
    package mutating func integer(_ value: UInt64) { raw(String(value)) }
    package mutating func number(_ value: JSONNumber) { raw(value.text) }

    /// Amounts go in quotes, so that no reader turns them into floating point.
    package mutating func amount(_ value: UInt256) { string(value.description) }
    package mutating func amount(_ value: Int256) { string(value.description) }

    package mutating func string(_ value: String) {
        beforeValue()
        quote(value)
    }

    /// Hexadecimal with `0x` in front.
    package mutating func hex(_ value: [UInt8]) { string("0x" + Hex.encode(value)) }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// A finished JSON text in place of a value; the caller vouches for it.
    package mutating func embed(_ text: [UInt8]) {
        precondition(!text.isEmpty, "a value has at least one byte")
        beforeValue()
        bytes.append(contentsOf: text)
    }

    // MARK: Members, the usual case

    package mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    package mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func member(_ name: String, _ value: Int64) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: String, _ value: UInt64) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: String, _ value: UInt256) {
        key(name)
        amount(value)
    }

    package mutating func member(_ name: String, _ value: Int256) {
        key(name)
        amount(value)
    }

    package mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        self.value(value)
    }

    // MARK: Below the grammar

    private mutating func begin(_ byte: UInt8, isObject: Bool) {
        beforeValue()
        bytes.append(byte)
        open.append(Container(isObject: isObject))
    }

    private mutating func end(_ byte: UInt8, isObject: Bool) {
        precondition(open.last?.isObject == isObject && !isKeyWritten, "an end closes its begin")
        open.removeLast()
        bytes.append(byte)
    }

    private mutating func beforeValue() {
        guard let container = open.last else {
            precondition(bytes.isEmpty, "a text has one value at its top")
            return
        }
        precondition(container.isObject == isKeyWritten, "a member needs a key, an element none")
        if !container.isObject { separate() }
        isKeyWritten = false
    }

    private mutating func separate() {
        if !open[open.count - 1].isEmpty { bytes.append(UInt8(ascii: ",")) }
        open[open.count - 1].isEmpty = false
    }

    private mutating func raw(_ text: String) {
        beforeValue()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
            case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0C: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
            case 0x0D: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: Hex.encode([byte]).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
