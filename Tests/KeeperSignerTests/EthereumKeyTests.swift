import Foundation
import KeeperCodec
import KeeperModel
import KeeperSigner
import Testing
import WideMath

/// Where the shared data is: beside the checkout, or where BAILIFF_SHARED says.
private let transactionFolder =
    (ProcessInfo.processInfo.environment["BAILIFF_SHARED"]
        ?? FileManager.default.currentDirectoryPath + "/../shared")
    + "/data/test-vectors/ethereum-tests/TransactionTests"

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
    /// Refused by the rules of a chain and not by the form of the bytes: another chain's number,
    /// gas, fees, size.
    private static let chainRules = [
        "INVALID_CHAINID", "INTRINSIC_GAS_TOO_LOW", "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
        "INITCODE_SIZE_EXCEEDED", "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
    ]

    /// The data does not belong to the repository, so a checkout alone cannot run this.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: transactionFolder), "no shared data"))
    func `the public tests: sender, hash and gas of what is valid, no sender of what is not`()
        throws
    {
        var (validCount, refusedCount) = (0, 0)
        for (name, entry) in try entries() {
            var object = try entry.object()
            let raw = try Hex.decode(try object.required("txbytes").string, prefix: .required)
            var results = try object.required("result").object()
            guard let verdict = results.optional("Cancun") ?? results.optional("Shanghai") else {
                continue
            }
            var expected = try verdict.object()
            if let exception = try expected.optional("exception")?.string {
                if Self.chainRules.contains(where: { exception.contains($0) }) { continue }
                #expect(sender(of: raw) == nil, "\(name): \(exception)")
                refusedCount += 1
                continue
            }
            let signed = try SignedTransaction(raw: raw)
            #expect(signed.hash == (try expected.required("hash").bytes()), "\(name)")
            #expect(
                sender(of: raw)?.lowercaseText == (try expected.required("sender").string),
                "\(name)")
            #expect(
                gas(signed.transaction) == (try expected.required("intrinsicGas").quantity()),
                "\(name)")
            validCount += 1
        }
        #expect(validCount > 30 && refusedCount > 80)
    }

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

    private func entries() throws -> [(key: String, value: JSONReader)] {
        var found: [(key: String, value: JSONReader)] = []
        let folders = try FileManager.default.contentsOfDirectory(atPath: transactionFolder)
        for folder in folders.sorted() {
            let path = "\(transactionFolder)/\(folder)"
            for file in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            where file.hasSuffix(".json") {
                let data = try Data(contentsOf: URL(filePath: "\(path)/\(file)"))
                var object = try JSONReader(JSONValue.parse([UInt8](data))).object()
                found += object.entries()
            }
        }
        return found
    }

    private func sender(of raw: [UInt8]) -> EthereumAddress? {
        // Bytes that are no transaction have no sender, whatever is wrong with them.
        guard let signed = try? SignedTransaction(raw: raw) else { return nil }
        return signed.signature.signer(of: signed.transaction.signingHash)
    }

    private func gas(_ transaction: EthereumTransaction) -> UInt64 {
        let list: [EthereumTransaction.AccessListEntry] =
            switch transaction.fees {
            case .legacy: []
            case .accessList(_, _, let list): list
            case .feeMarket(_, _, _, let list): list
            }
        return FeeRules.gasNeeded(
            data: .init(of: transaction.data), addressCount: list.count,
            keyCount: list.reduce(0) { $0 + $1.storageKeys.count },
            makesContract: transaction.to == nil
        ).intrinsic
    }
}
