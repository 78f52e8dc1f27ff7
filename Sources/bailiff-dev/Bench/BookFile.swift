import Foundation
import KeeperModel
import WideMath

/// The synthetic book as a file for peers in other languages, little-endian: for each of the 32
/// reserves its price and its threshold in basis points; for each account six legs of reserve, kind
/// (0 none, 1 collateral, 2 debt) and amount in millionths of a token.
struct BookFile {
    private static let legCount = 6
    private static let accountsPerWrite = 8_192

    private var source: SyntheticBook
    private var bytes: [UInt8] = []

    static func write(accountCount: Int, to path: String) throws {
        var file = BookFile(source: SyntheticBook())
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: path))
        let output = try FileHandle(forWritingTo: URL(filePath: path))
        file.appendReserves()
        for number in 0..<accountCount {
            try file.append(file.source.state(number: number))
            guard number % accountsPerWrite == accountsPerWrite - 1 else { continue }
            try output.write(contentsOf: file.bytes)
            file.bytes.removeAll(keepingCapacity: true)
        }
        try output.write(contentsOf: file.bytes)
        try output.close()
    }

    private init(source: SyntheticBook) { self.source = source }

    private mutating func appendReserves() {
        for (terms, price) in zip(source.terms.reserves, source.prices) {
            append(price.w0)
            append(terms.liquidationThresholdBps)
        }
    }

    private mutating func append(_ state: AccountState) throws {
        guard case .lending(let position) = state.position else { return }
        let legs =
            position.collateral.map { (kind: UInt32(1), balance: $0) }
            + position.debts.map { (kind: UInt32(2), balance: $0) }
        for leg in legs {
            guard let number = source.number(of: leg.balance.asset) else { continue }
            let unit = try UInt256.powerOfTen(Int(source.terms.reserves[number].decimals) - 6)
            append(UInt32(number))
            append(leg.kind)
            append((leg.balance.scaledAmount / unit).w0)
        }
        for _ in legs.count..<Self.legCount {
            append(UInt64(0))
            append(UInt64(0))
        }
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
}
