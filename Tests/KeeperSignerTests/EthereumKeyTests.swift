import KeeperCodec
import KeeperModel
import KeeperSigner
import Testing
import WideMath

@Suite struct EthereumKeyTests {
    private func key(_ last: UInt8) throws -> EthereumKey {
        try #require(EthereumKey([UInt8](repeating: 0, count: 31) + [last]))
    }

    @Test func `a signature names its signer, is low, and is always the same`() throws {
        let key = try key(7)
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let digest = Keccak256.hash("\(generator.next())")
            let signature = key.sign(digest: digest)
            #expect(signature.isLow)
            #expect(signature == key.sign(digest: digest))
            #expect(signature.signer(of: digest) == key.address)
            #expect(signature.signer(of: Keccak256.hash("other")) != key.address)
        }
    }

    /// The address of the key 1 is known to everybody.
    @Test func `the key one has the address that it always had`() throws {
        #expect(try key(1).address.description == "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")
    }

    @Test func `bytes that are no key are refused`() {
        let order =
            UInt256(
                w0: 0xBFD2_5E8C_D036_4141, w1: 0xBAAE_DCE6_AF48_A03B, w2: 0xFFFF_FFFF_FFFF_FFFE,
                w3: 0xFFFF_FFFF_FFFF_FFFF)
        for bytes in [[], [UInt8](repeating: 0, count: 32), order.bigEndianBytes] {
            #expect(EthereumKey(bytes) == nil)
        }
    }

    @Test func `a signature that nobody can have made has no signer`() {
        let signature = EthereumSignature(r: .zero, s: .one, yParity: false)
        #expect(signature.signer(of: Keccak256.hash("x")) == nil)
        let large = EthereumSignature(r: .max, s: .one, yParity: false)
        #expect(large.signer(of: Keccak256.hash("x")) == nil)
    }

    @Test func `a key cannot be printed`() throws {
        let key = try key(7)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(text.contains("not shown") && !text.contains("0707"))
        }
    }
}

@Suite struct SignedTransactionTests {
    @Test func `no bytes, however wrong, do more than throw, and what is read encodes back`() throws
    {
        let key = try #require(EthereumKey([UInt8](repeating: 3, count: 32)))
        let transaction = EthereumTransaction(
            fees: .feeMarket(priorityPerGasMax: 1, perGasMax: 300, chainID: 1, list: []),
            nonce: 4, gasLimit: 21_000, to: key.address, value: 5, data: [1, 2, 3])
        let raw = transaction.raw(key.sign(digest: transaction.signingHash))
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<5_000 {
            var bytes = raw
            bytes[Int(generator.next() % UInt64(raw.count))] = UInt8(generator.next() & 255)
            // Most mutations are refused, as they should be.
            guard let signed = try? SignedTransaction(raw: bytes) else { continue }
            #expect(signed.transaction.raw(signed.signature) == bytes)
        }
    }
}
