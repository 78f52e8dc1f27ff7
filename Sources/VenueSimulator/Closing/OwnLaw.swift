import KeeperModel
import LiquidationRules
import WideMath

/// The settlement of a protocol that brings its own law: who gave what to whom, in units of the
/// quote currency. Each movement is two lines, so they sum to zero.
struct OwnLaw {
    private(set) var lines: [SettlementLine] = []

    mutating func give(_ amount: UInt256, from giver: String, to taker: String, _ reason: String) {
        guard !amount.isZero, let given = Int256(exactly: amount) else { return }
        lines.append(SettlementLine(beneficiary: giver, amountUnits: -given, reason: reason))
        lines.append(SettlementLine(beneficiary: taker, amountUnits: given, reason: reason))
    }
}

extension ClosingWorld {
    mutating func record(
        _ law: OwnLaw, named name: String, _ facts: [(String, UInt256)], of order: CloseOrder
    ) -> SettlementRecord {
        settlements.append(
            law.lines, lawName: name, height: height, account: order.nameInRecords,
            keeper: order.keeper,
            facts: facts.map { SettlementFact(name: $0.0, value: $0.1.description) })
    }

    /// At the venue's own price, rounded down.
    func worth(_ amount: UInt256, _ asset: AssetID) -> UInt256 {
        asset == quote.asset ? amount : marks[asset]?.worth(of: amount) ?? .zero
    }
}
