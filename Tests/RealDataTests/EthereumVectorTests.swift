import KeeperCodec
import KeeperSigner
import Testing
import WideMath

/// The smaller public tests of Ethereum: contract ABI, addresses of keys, signed transactions.
///
/// Of the same folder these do not apply, because nothing here does what they test: encrypted key
/// files (`KeyStoreTests`: our keys lie in files of 32 bytes that only their owner reads), ECIES
/// and AES (`crypto.json`), and the paths of Merkle tries (`hexencodetest.json`).
@Suite(.enabled(if: isThere("test-vectors/ethereum-tests"), "no shared data"))
struct EthereumVectorTests {
    private static let folder = "test-vectors/ethereum-tests"

    @Test func `values become the words of the public ABI tests, and come back`() throws {
        var tests = try sharedJSON("\(Self.folder)/ABITests/basic_abi_tests.json").object()
        let entries = tests.entries()
        #expect(entries.count == 3)
        for (name, entry) in entries {
            var object = try entry.object()
            let types = try object.required("types").array().map { try ABIType(try $0.string) }
            let arguments = try object.required("args").array()
            let values = try zip(arguments, types).map { try value($0, as: $1) }
            let words = try Hex.decode(try object.required("result").string, prefix: .forbidden)
            #expect(try ABIEncoder.encode(values, as: types) == words, "\(name)")
            #expect(try ABIDecoder.decode(words, as: types) == values, "\(name)")
        }
    }

    private struct UnknownType: Error {
        let text: String
    }

    /// Of the few types that these tests have.
    private func value(_ reader: JSONReader, as type: ABIType) throws -> ABIValue {
        switch type {
        case .uint: return .uint(UInt256(try reader.uint64))
        case .address: return .address(try EthereumAddress(try reader.string))
        case .bytes, .fixedBytes: return .bytes(Array(try reader.string.utf8))
        case .array(let element):
            return .list(try reader.array().map { try value($0, as: element) })
        default: throw UnknownType(text: type.canonicalText)
        }
    }

    /// The keys are hashes of words. The signatures beside them are of no digest that the file
    /// names or that Ethereum has now, so they are left alone.
    @Test func `keys are the hashes of their words and have the addresses that tests say`() throws {
        let tests = try sharedJSON("\(Self.folder)/BasicTests/keyaddrtest.json").array()
        #expect(tests.count == 2)
        for test in tests {
            var object = try test.object()
            let secret = Keccak256.hash(try object.required("seed").string)
            #expect(Hex.encode(secret) == (try object.required("key").string))
            let address = try EthereumAddress("0x" + (try object.required("addr").string))
            #expect(try key(&object).address == address)
        }
    }

    @Test func `transactions are what the public tests have before and after signing`() throws {
        let tests = try sharedJSON("\(Self.folder)/BasicTests/txtest.json").array()
        #expect(tests.count == 2)
        var largeCount = 0
        for test in tests {
            var object = try test.object()
            let key = try key(&object)
            let text = try object.required("to").string
            let transaction = EthereumTransaction(
                fees: .legacy(
                    gasPrice: UInt256(try object.required("gasprice").uint64), chainID: nil),
                nonce: try object.required("nonce").uint64,
                gasLimit: try object.required("startgas").uint64,
                to: text.isEmpty ? nil : try EthereumAddress("0x" + text),
                value: UInt256(try object.required("value").uint64),
                data: try Hex.decode(try object.required("data").string, prefix: .forbidden))
            // Unsigned it had empty marks then; today nothing stands in their place.
            let marked = try RLPItem.decode(transaction.signingPayload).items()
            let unsigned = RLPItem.list(marked + [.bytes([]), .bytes([]), .bytes([])]).encoded
            #expect(Hex.encode(unsigned) == (try object.required("unsigned").string))
            let raw = try Hex.decode(try object.required("signed").string, prefix: .forbidden)
            let marks = try RLPItem.decode(raw).items().suffix(3).map { try $0.uint256() }
            let signature = EthereumSignature(r: marks[1], s: marks[2], yParity: marks[0] == 28)
            #expect(transaction.raw(signature) == raw)
            #expect(signature.signer(of: transaction.signingHash) == key.address)
            guard signature.isLow else {
                largeCount += 1
                #expect(throws: RLPError.malformedInteger) { try SignedTransaction(raw: raw) }
                continue
            }
            #expect(try SignedTransaction(raw: raw).transaction == transaction)
        }
        #expect(largeCount == 1, "one of them has the large s, which Ethereum took in 2015")
    }

    private func key(_ object: inout ObjectReader) throws -> EthereumKey {
        let secret = try Hex.decode(try object.required("key").string, prefix: .forbidden)
        return try #require(EthereumKey(secret))
    }
}
