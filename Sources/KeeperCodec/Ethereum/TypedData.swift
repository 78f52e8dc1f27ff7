import WideMath

/// Structured data to sign (EIP-712), as the JSON that wallets exchange.
package struct TypedData: Sendable {
    package let domainSeparator: [UInt8]
    package let structHash: [UInt8]

    package var digest: [UInt8] {
        Keccak256.hash([0x19, 0x01] + domainSeparator + structHash)
    }

    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let types = try TypedDataTypes(try object.required("types"))
        let primary = try object.required("primaryType").string
        let domain = try object.required("domain")
        let message = try object.required("message")
        try object.finish()
        domainSeparator = try types.hash(domain, as: "EIP712Domain")
        structHash = try types.hash(message, as: primary)
    }
}

/// The struct types of one piece of typed data. Whatever is not understood is an error: a signature
/// over something else than was meant is worth more to others than to us.
private struct TypedDataTypes {
    private struct Member {
        let name: String
        let type: String
    }

    private static let depthMax = 16
    private static let memberCountMax = 256

    private var structs: [String: [Member]] = [:]

    init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        for (name, list) in object.entries() {
            structs[name] = try list.array(countMax: Self.memberCountMax) {
                (element) throws(JSONReadError) in
                var member = try element.object()
                let read = Member(
                    name: try member.required("name").string,
                    type: try member.required("type").string)
                try member.finish()
                return read
            }
        }
    }

    func hash(
        _ value: JSONReader, as name: String, depth: Int = 0
    ) throws(JSONReadError) -> [UInt8] {
        guard depth < Self.depthMax else { throw value.refused("less deeply nested data") }
        guard let members = structs[name] else { throw value.refused("a type that is declared") }
        var object = try value.object()
        var encoded = Keccak256.hash(encodedType(name))
        for member in members {
            encoded += try word(object.required(member.name), as: member.type, depth: depth)
        }
        try object.finish()
        return Keccak256.hash(encoded)
    }

    /// One word per member: plain values as the ABI has them, everything else as a hash.
    private func word(
        _ value: JSONReader, as type: String, depth: Int
    ) throws(JSONReadError) -> [UInt8] {
        if structs[type] != nil { return try hash(value, as: type, depth: depth + 1) }
        if type.hasSuffix("]"), let start = type.lastIndex(of: "[") {
            guard depth < Self.depthMax else { throw value.refused("less deeply nested data") }
            let element = String(type[..<start])
            let elements = try value.array()
            let wanted = type[start...].dropFirst().dropLast()
            guard wanted.isEmpty || wanted == "\(elements.count)" else {
                throw value.refused("\(wanted) elements")
            }
            var words: [UInt8] = []
            for reader in elements { words += try word(reader, as: element, depth: depth + 1) }
            return Keccak256.hash(words)
        }
        switch type {
        case "string": return Keccak256.hash(try value.freeText)
        case "bytes": return Keccak256.hash(try value.bytes())
        default:
            do throws(ABIError) {
                let plain = try ABIType(type)
                return try ABIEncoder.encode([try self.plain(value, plain)], as: [plain])
            } catch {
                throw value.refused("a value of the type \(type)")
            }
        }
    }

    private func plain(_ value: JSONReader, _ type: ABIType) throws(ABIError) -> ABIValue {
        do {
            switch type {
            case .uint: return .uint(try number(value, as: UInt256.self))
            case .int: return .int(try number(value, as: Int256.self))
            case .address: return .address(try EthereumAddress(try value.string))
            case .bool: return .bool(try value.bool)
            case .fixedBytes(let count): return .bytes(try value.bytes(count: count))
            default: throw ABIError.wrongValue(expected: type.canonicalText)
            }
        } catch {
            // The caller says where.
            throw .wrongValue(expected: type.canonicalText)
        }
    }

    /// Wallets write small numbers bare and large ones in quotes.
    private func number<Value: DecimalValue>(
        _ value: JSONReader, as type: Value.Type
    ) throws(JSONReadError) -> Value {
        if case .number = value.value { return try value.integer(as: type) }
        return try value.quotedInteger(as: type)
    }

    /// `Mail(Person from,Person to,string contents)Person(…)`: the type itself, then by name those
    /// that it is made of.
    private func encodedType(_ name: String) -> String {
        var found: Set<String> = [name]
        var open = [name]
        while let next = open.popLast() {
            for member in structs[next] ?? [] {
                let base = String(member.type.prefix { $0 != "[" })
                if structs[base] != nil, found.insert(base).inserted { open.append(base) }
            }
        }
        let others = found.subtracting([name]).sorted()
        return ([name] + others).map { name in
            let members = (structs[name] ?? []).map { "\($0.type) \($0.name)" }
            return "\(name)(\(members.joined(separator: ",")))"
        }.joined()
    }
}
