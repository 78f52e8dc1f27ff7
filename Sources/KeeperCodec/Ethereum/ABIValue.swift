package import WideMath

/// A value of a contract's interface. Which type it has is said by whoever encodes or decodes it.
package indirect enum ABIValue: Hashable, Sendable {
    case uint(UInt256)
    case int(Int256)
    case address(EthereumAddress)
    case bool(Bool)
    /// Of a fixed or any number.
    case bytes([UInt8])
    case string(String)
    /// The elements of an array or the members of a tuple.
    case list([ABIValue])
}

/// A function or an error: its name and what it takes.
package struct ABIFunction: Hashable, Sendable {
    package let name: String
    package let inputs: [ABIType]

    /// As `transfer(address,uint256)`.
    package init(_ signature: String) throws(ABIError) {
        var parser = ABITypeParser(signature)
        name = try parser.name()
        inputs = try parser.members(depth: 0)
        try parser.expectEnd()
    }

    package var signature: String { name + ABIType.canonicalText(of: inputs) }

    /// The first four bytes of the hash of the signature.
    package var selector: [UInt8] { Array(Keccak256.hash(signature).prefix(4)) }

    package func encodeCall(_ values: [ABIValue]) throws(ABIError) -> [UInt8] {
        selector + (try ABIEncoder.encode(values, as: inputs))
    }

    /// What a call carries, where it is a call of this function.
    package func decodeCall(_ data: [UInt8]) throws(ABIError) -> [ABIValue] {
        guard data.starts(with: selector) else { throw .wrongTopic }
        return try ABIDecoder.decode(Array(data.dropFirst(4)), as: inputs)
    }
}

/// An event: its inputs in the order of the signature, and which of them are topics.
package struct ABIEvent: Hashable, Sendable {
    private let function: ABIFunction
    private let isIndexed: [Bool]

    /// As `Transfer(address,address,uint256)` with `[true, true, false]`.
    package init(_ signature: String, isIndexed: [Bool]) throws(ABIError) {
        function = try ABIFunction(signature)
        guard function.inputs.count == isIndexed.count else {
            throw .wrongValueCount(expected: function.inputs.count)
        }
        self.isIndexed = isIndexed
    }

    /// The whole hash of the signature, which is the first topic.
    package var topic: [UInt8] { Keccak256.hash(function.signature) }

    /// Values in the order of the signature. A topic of a dynamic type is the hash of the value,
    /// and comes back as those 32 bytes.
    package func decode(topics: [[UInt8]], data: [UInt8]) throws(ABIError) -> [ABIValue] {
        guard topics.first == topic, topics.count == 1 + isIndexed.count(where: \.self) else {
            throw .wrongTopic
        }
        let plain = zip(function.inputs, isIndexed).filter { !$0.1 }.map(\.0)
        var inData = try ABIDecoder.decode(data, as: plain)[...]
        var inTopics = topics.dropFirst()
        var values: [ABIValue] = []
        for (type, isTopic) in zip(function.inputs, isIndexed) {
            guard isTopic else {
                values.append(inData.removeFirst())
                continue
            }
            let topic = inTopics.removeFirst()
            guard topic.count == 32 else { throw .wrongTopic }
            let isPlaced = type.headWordCount == 1 && !type.isDynamic
            values += try ABIDecoder.decode(topic, as: [isPlaced ? type : .fixedBytes(32)])
        }
        return values
    }
}
