package import WideMath

/// A data package of RedStone, signed by one of its nodes. Who may sign is for others to say.
package struct RedStonePackage: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package let feed: String
        /// The value times ten to the power of its decimals: eight unless it says otherwise.
        package let scaledValue: UInt256
    }

    package let points: [Point]
    package let timestampMilliseconds: UInt64
    package let signature: EthereumSignature
    /// Who the package says signed it.
    package let claimedSigner: EthereumAddress

    private static let pointCountMax = 64

    package init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        points = try object.required("dataPoints").array(countMax: Self.pointCountMax) {
            (point) throws(JSONReadError) in try Point(point)
        }
        // Six bytes carry it.
        timestampMilliseconds = try object.required("timestampMilliseconds")
            .integer(in: UInt64(1)...UInt64(1) << 48 - 1)
        signature = try Self.signature(try object.required("signature"))
        let signer = try object.required("signerAddress")
        do {
            claimedSigner = try EthereumAddress(try signer.string)
        } catch let error as JSONReadError {
            throw error
        } catch {
            throw signer.refused("an address")
        }
    }

    private static func signature(
        _ reader: JSONReader
    ) throws(JSONReadError) -> EthereumSignature {
        // What is wrong with it helps nobody: it is no signature.
        guard let bytes = try? Base64.decode(try reader.string),
            let signature = EthereumSignature(messageBytes: bytes)
        else { throw reader.refused("65 bytes in Base64") }
        return signature
    }

    /// The bytes that were signed: every point with its feed's name and its value in 32 bytes each,
    /// by name, then the time, the size of a value and the number of points.
    package var serialized: [UInt8] {
        let sorted = points.map { ($0.feedBytes, $0.scaledValue.bigEndianBytes) }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }
        let count = UInt64(points.count)
        return sorted.flatMap { $0.0 + $0.1 } + Self.bigEndian(timestampMilliseconds, 6)
            + Self.bigEndian(32, 4) + Self.bigEndian(count, 3)
    }

    /// Without the prefix of signed messages.
    package var signableHash: [UInt8] { Keccak256.hash(serialized) }

    private static func bigEndian(_ value: UInt64, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
}

extension RedStonePackage.Point {
    fileprivate init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        feed = try object.required("dataFeedId").string
        let decimals = try object.optional("decimals")?.integer(in: UInt8(0)...18) ?? 8
        let value = try object.required("value")
        guard
            let scaled = BinaryFloat(value: try value.number)?.nearest(timesTenTo: Int(decimals))
        else { throw value.refused("a number that a 64-bit float holds") }
        scaledValue = scaled
    }

    /// The name in 32 bytes, or its hash where it is longer than 31.
    fileprivate var feedBytes: [UInt8] {
        let name = Array(feed.utf8)
        guard name.count < 32 else { return Keccak256.hash(name) }
        return name + [UInt8](repeating: 0, count: 32 - name.count)
    }
}
