package import KeeperModel

/// A value of the vocabulary that has one JSON form: what recordings, journal and decisions keep.
///
/// What is written is read back to an equal value, and equal values are written as equal bytes.
/// Counts, heights and versions are bare integers; everything that is money, a price, a quantity
/// or an instant is a decimal string, because it may pass 2^53 and must survive readers that turn
/// bare numbers into floating point. Keys are strict: an unknown one is an error.
package protocol JSONForm {
    init(_ json: JSONReader) throws(JSONReadError)
    func write(to json: inout JSONWriter)
}

extension JSONForm {
    package init(jsonBytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFormError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(jsonBytes, limits: limits)
        } catch {
            throw .malformed(error)
        }
        do {
            try self.init(JSONReader(value))
        } catch {
            throw .unexpected(error)
        }
    }

    package var jsonBytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.finish()
    }
}

/// Why bytes do not hold the value that they should.
package enum JSONFormError: Error, Equatable, Sendable, CustomStringConvertible {
    case malformed(JSONError)
    case unexpected(JSONReadError)

    package var description: String {
        switch self {
        case .malformed(let error): error.description
        case .unexpected(let error): error.description
        }
    }
}

extension Array: JSONForm where Element: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        self = try json.array { (element) throws(JSONReadError) in try Element(element) }
    }

    package func write(to json: inout JSONWriter) {
        json.beginArray()
        for element in self { element.write(to: &json) }
        json.endArray()
    }
}

/// Every identifier is its text.
extension TextIdentifier {
    package init(_ json: JSONReader) throws(JSONReadError) {
        self = try json.identifier(as: Self.self)
    }

    package func write(to json: inout JSONWriter) { json.string(text) }
}

extension DomainID: JSONForm {}
extension MarketID: JSONForm {}
extension AssetID: JSONForm {}
extension AccountID: JSONForm {}
extension ClientID: JSONForm {}
extension LaneName: JSONForm {}
extension StrategyName: JSONForm {}

extension Instant: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        self.init(nanoseconds: try json.quotedInteger(as: Int64.self))
        guard Instant.believable.contains(self) else {
            throw json.refused("nanoseconds between the years 1823 and 2116")
        }
    }

    package func write(to json: inout JSONWriter) { json.string(String(nanoseconds)) }
}

extension JSONWriter {
    package mutating func member(_ name: String, _ value: some JSONForm) {
        key(name)
        value.write(to: &self)
    }

    package mutating func member(_ name: String, quoted value: Int64) {
        member(name, String(value))
    }

    package mutating func member(_ name: String, quoted value: UInt64) {
        member(name, String(value))
    }
}

extension ObjectReader {
    package mutating func value<Value: JSONForm>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(JSONReadError) -> Value {
        try Value(try required(key))
    }

    package mutating func valueIfPresent<Value: JSONForm>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(JSONReadError) -> Value? {
        guard let reader = optional(key) else { return nil }
        return try Value(reader)
    }

    package mutating func string(_ key: String) throws(JSONReadError) -> String {
        try required(key).string
    }

    package mutating func freeText(_ key: String) throws(JSONReadError) -> String {
        try required(key).freeText
    }

    package mutating func bool(_ key: String) throws(JSONReadError) -> Bool {
        try required(key).bool
    }

    package mutating func uint64(_ key: String) throws(JSONReadError) -> UInt64 {
        try required(key).uint64
    }

    package mutating func integer<Value: DecimalValue>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(JSONReadError) -> Value {
        try required(key).integer(as: type)
    }

    package mutating func quotedInteger<Value: DecimalValue>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(JSONReadError) -> Value {
        try required(key).quotedInteger(as: type)
    }

    /// One of the words of a closed list.
    package mutating func word<Word: RawRepresentable<String>>(
        _ key: String, as type: Word.Type = Word.self
    ) throws(JSONReadError) -> Word {
        let reader = try required(key)
        guard let word = Word(rawValue: try reader.string) else {
            throw reader.refused("a known word")
        }
        return word
    }
}
