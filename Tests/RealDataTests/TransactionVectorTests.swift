import KeeperCodec
import KeeperSigner
import Testing
import WideMath

/// The public transaction tests of Ethereum: 210 transactions, each judged by the rules of up to
/// thirteen forks. Ours are the newest rules, for the types 0, 1 and 2.
@Suite(.enabled(if: isThere("test-vectors/ethereum-tests/TransactionTests"), "no shared data"))
struct TransactionVectorTests {
    /// Refused by the rules of a chain and not by the form of the bytes: another chain's number,
    /// gas, fees, size. The keeper makes transactions and judges none, so it has no such rules.
    private static let chainRules = [
        "INVALID_CHAINID", "INTRINSIC_GAS_TOO_LOW", "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
        "INITCODE_SIZE_EXCEEDED", "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
    ]
    private static let newestFirst = ["Cancun", "Shanghai", "Paris", "London"]

    @Test func `sender, hash and gas of what is valid, no sender of what is not`() throws {
        var tally = Tally()
        for (name, entry) in try Self.entries() {
            var object = try entry.object()
            let raw = try Hex.decode(try object.required("txbytes").string, prefix: .required)
            var results = try object.required("result").object()
            let verdict = Self.newestFirst.lazy.compactMap { results.optional($0) }.first
            tally.count(try judge(raw, try #require(verdict, "\(name)"), name))
        }
        print("transactions: \(tally)")
        #expect(tally.total == 210)
        #expect(tally["read, with sender, hash and gas"] == 50)
        #expect(tally["refused"] == 112)
        #expect(tally["refused by a chain's rules alone"] == 48)
    }

    private func judge(_ raw: [UInt8], _ verdict: JSONReader, _ name: String) throws -> String {
        var expected = try verdict.object()
        if let exception = try expected.optional("exception")?.string {
            if Self.chainRules.contains(where: { exception.contains($0) }) {
                return "refused by a chain's rules alone"
            }
            #expect(sender(of: raw) == nil, "\(name): \(exception)")
            return "refused"
        }
        let signed = try SignedTransaction(raw: raw)
        #expect(signed.transaction.raw(signed.signature) == raw, "\(name)")
        #expect(signed.hash == (try expected.required("hash").bytes()), "\(name)")
        let sender = try expected.required("sender").string
        #expect(self.sender(of: raw)?.lowercaseText == sender, "\(name)")
        // Written with a leading zero where that makes whole bytes.
        let gasNeeded = UInt256(hex: try expected.required("intrinsicGas").string)
        #expect(UInt256(gas(signed.transaction)) == gasNeeded, "\(name)")
        return "read, with sender, hash and gas"
    }

    /// Gas has changed with the forks, sender and hash have not.
    @Test func `whatever any fork accepts has one hash, and one sender where we read it`() throws {
        var (acceptedCount, readCount) = (0, 0)
        for (name, entry) in try Self.entries() {
            var object = try entry.object()
            let raw = try Hex.decode(try object.required("txbytes").string, prefix: .required)
            var results = try object.required("result").object()
            let sender = sender(of: raw)?.lowercaseText
            for (fork, verdict) in results.entries() {
                var expected = try verdict.object()
                guard let hash = expected.optional("hash") else { continue }
                acceptedCount += 1
                #expect(try hash.bytes() == Keccak256.hash(raw), "\(name), \(fork)")
                guard let sender else { continue }
                readCount += 1
                #expect(try expected.required("sender").string == sender, "\(name), \(fork)")
            }
        }
        #expect(acceptedCount == 606)
        #expect(readCount == 604, "two have the large s, which the first fork took")
    }

    private static func entries() throws -> [(key: String, value: JSONReader)] {
        try sharedFiles("test-vectors/ethereum-tests/TransactionTests").flatMap { path in
            var object = try sharedJSON(path).object()
            return object.entries()
        }
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
