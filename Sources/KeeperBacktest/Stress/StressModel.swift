package import KeeperModel
package import WideMath

/// What a stress run assumes besides the book that it begins with.
package struct StressModel: Hashable, Sendable {
    /// How many others of equal information are after the same accounts; 0 for nobody at all.
    package let againstCount: Int
    package let seed: UInt64
    /// What the insurance fund holds at the beginning.
    package let fundUnits: Int64
    /// What one call of ours costs, carried out or not.
    package let gasUnits: Int256

    package init(
        againstCount: Int = 1, seed: UInt64 = 1, fundUnits: Int64 = 0, gasUnits: Int256 = .zero
    ) {
        precondition((0...1_000).contains(againstCount), "Rivals can be counted")
        precondition(!gasUnits.isNegative, "A call costs something or nothing")
        self.againstCount = againstCount
        self.seed = seed
        self.fundUnits = fundUnits
        self.gasUnits = gasUnits
    }

    /// Between two rounds of one cascade: long enough for every answer to come.
    static let roundSpan = TimeSpan.seconds(1)
    /// A cascade that has not come to an end by then is reported as one that has none.
    static let roundsMax = 300
    /// So many rounds an account that we were first at is ours to close.
    static let graceRounds = 3

    package func parts(_ unit: AssetDescription, fundIsKnown: Bool) -> [ModelPart] {
        [
            ModelPart(
                "book", .measured, "accounts, figures, books and flash pools of that moment"),
            ModelPart(
                "cascade", .assumed,
                "what is sold takes from the book; as much as the whole side lowers the price of "
                    + "the next round to the side's end, less by as much less, by 30 % at most; "
                    + "with each round the book stands whole around the new price; nobody buys back"
            ),
            ModelPart(
                "others", .assumed,
                againstCount == 0
                    ? "nobody: what we do not close stays open"
                    : "\(againstCount) of equal information, first in \(againstCount) of "
                        + "\(againstCount + 1) cases; they close all that pays, and what we leave "
                        + "for \(Self.graceRounds) rounds, with a deep purse"),
            ModelPart(
                "gas", .assumed, "\(gasUnits) units of \(unit.asset) for each call of ours"),
            ModelPart(
                "fund", fundIsKnown ? .measured : .assumed,
                "begins with \(fundUnits) units of \(unit.asset)"),
            ModelPart(
                "owners", .assumed, "stand still: nobody tops up, repays, or opens anything"),
        ]
    }
}
