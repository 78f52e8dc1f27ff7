package import WideMath

/// Liquity v1 (LUSD): a trove is closed whole, against a pool of depositors and then against all
/// other troves (`protocols.md` A4).
package enum LiquityV1 {
    package static let minimumRatioWad: UInt256 = 1_100_000_000_000_000_000
    /// In LUSD, set aside in every trove for whoever closes it.
    package static let gasReserve = 200 * wad

    package static func collateralRatioWad(
        collateral: UInt256, debt: UInt256, price: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        debt.isZero
            ? .max : try narrowMulDiv(collateral, price, dividingBy: debt, rounding: .down)
    }

    /// Half a percent of the collateral goes to the liquidator.
    package static func gasCompensation(_ collateral: UInt256) -> UInt256 { collateral / 200 }

    /// How a trove is shared out between the pool and the other troves.
    package struct Split: Hashable, Sendable {
        package let gasCompensation: UInt256
        package let debtOffset: UInt256
        package let collateralToPool: UInt256
        package let debtRedistributed: UInt256
        package let collateralRedistributed: UInt256

        package init(
            debt: UInt256, collateral: UInt256, pool: UInt256
        ) throws(ArithmeticError) {
            gasCompensation = LiquityV1.gasCompensation(collateral)
            let shared = collateral - gasCompensation
            debtOffset = min(debt, pool)
            collateralToPool = try narrowMulDiv(
                shared, debtOffset, dividingBy: debt, rounding: .down)
            debtRedistributed = debt - debtOffset
            collateralRedistributed = shared - collateralToPool
        }
    }

    /// In recovery mode a trove above the minimum gives only what its debt is worth at 110 %.
    package struct CappedOffset: Hashable, Sendable {
        package let cappedCollateral: UInt256
        package let gasCompensation: UInt256
        package let collateralToPool: UInt256
        package let collateralSurplus: UInt256

        package init(
            debt: UInt256, collateral: UInt256, price: UInt256
        ) throws(ArithmeticError) {
            cappedCollateral = try narrowMulDiv(
                debt, minimumRatioWad, dividingBy: price, rounding: .down)
            gasCompensation = LiquityV1.gasCompensation(cappedCollateral)
            collateralToPool = cappedCollateral - gasCompensation
            collateralSurplus = try collateral.checkedSubtract(cappedCollateral)
        }
    }
}

/// The running product by which every deposit of the pool shrinks.
package struct LiquityPoolProduct: Hashable, Sendable {
    package private(set) var product: UInt256
    package private(set) var lastLossError: UInt256
    package private(set) var scale: UInt64
    package private(set) var epoch: UInt64

    package init(
        product: UInt256, lastLossError: UInt256, scale: UInt64 = 0, epoch: UInt64 = 0
    ) {
        self.product = product
        self.lastLossError = lastLossError
        self.scale = scale
        self.epoch = epoch
    }

    private static let scaleFactor: UInt256 = 1_000_000_000

    /// Takes an offset into the product; returns the loss per deposited unit, rounded against the
    /// depositors, whose error is carried into the next one.
    package mutating func offset(
        debt: UInt256, deposits: UInt256
    ) throws(ArithmeticError) -> UInt256 {
        guard debt < deposits else {
            guard debt == deposits, !debt.isZero else { throw .overflow }
            (product, lastLossError, scale) = (wad, .zero, 0)
            epoch += 1
            return wad
        }
        let numerator = try debt.checkedMultiply(wad).checkedSubtract(lastLossError)
        let loss = try numerator.divided(by: deposits, rounding: .down).checkedAdd(.one)
        lastLossError = try loss.checkedMultiply(deposits).checkedSubtract(numerator)
        let factor = try wad.checkedSubtract(loss)
        let shrunk = try narrowMulDiv(product, factor, dividingBy: wad, rounding: .down)
        if shrunk < Self.scaleFactor {
            product = try narrowMulDiv(
                product.checkedMultiply(factor), Self.scaleFactor, dividingBy: wad, rounding: .down)
            scale += 1
        } else {
            product = shrunk
        }
        return loss
    }
}
