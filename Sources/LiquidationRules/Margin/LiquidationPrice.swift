package import KeeperModel
import WideMath

/// The mark at which equity equals maintenance, exactly: `(W + cum − s·q·e) / (q·rate − s·q)` with
/// what other positions of the account need and earn taken from its wallet (`protocols.md` B0, B5).
package struct LiquidationPrice: Hashable, Sendable {
    package struct Position: Hashable, Sendable {
        package let side: PositionSide
        package let quantity: ExactFraction
        package let entry: ExactFraction
        package let maintenanceRate: ExactFraction
        /// The tier's cumulative amount, which lowers the requirement.
        package let cumulative: ExactFraction

        package init(
            side: PositionSide, quantity: ExactFraction, entry: ExactFraction,
            maintenanceRate: ExactFraction, cumulative: ExactFraction
        ) {
            self.side = side
            self.quantity = quantity
            self.entry = entry
            self.maintenanceRate = maintenanceRate
            self.cumulative = cumulative
        }

        private var signedQuantity: ExactFraction {
            side == .long ? quantity : ExactFraction(0) - quantity
        }

        package func maintenance(at mark: ExactFraction) -> ExactFraction {
            quantity * mark * maintenanceRate - cumulative
        }

        package func profit(at mark: ExactFraction) -> ExactFraction {
            signedQuantity * (mark - entry)
        }

        fileprivate func priceAtLine(wallet: ExactFraction) -> ExactFraction? {
            let slope = quantity * maintenanceRate - signedQuantity
            guard !slope.numerator.isZero else { return nil }
            return (wallet + cumulative - signedQuantity * entry) / slope
        }
    }

    /// Nil where no price could bring the account to its line.
    package let price: ExactFraction?

    package init(of position: Position, wallet: ExactFraction) {
        price = position.priceAtLine(wallet: wallet)
    }
}
