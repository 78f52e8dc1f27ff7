package import WideMath

/// Why a call failed, as far as its return data say.
package enum RevertReason: Hashable, Sendable {
    case empty
    /// `Error(string)`: what `require` says.
    case message(String)
    /// `Panic(uint256)`: 1 assertion, 0x11 overflow, 0x12 division by zero, 0x32 index.
    case panic(UInt256)
    /// An error of a protocol that we know.
    case custom(ABIFunction)
    case unknown([UInt8])

    /// Never fails: what cannot be read is handed on as it came.
    package init(returnData: [UInt8]) {
        guard !returnData.isEmpty else {
            self = .empty
            return
        }
        self =
            Self.message(returnData) ?? Self.panic(returnData) ?? Self.custom(returnData)
            ?? .unknown(returnData)
    }

    /// What the codes mean that Aave gave as text up to v3.3.
    package var aaveMeaning: String? {
        guard case .message(let code) = self else { return nil }
        return aaveCodes.first { $0.key == code }?.value
    }

    private static func message(_ data: [UInt8]) -> RevertReason? {
        guard data.starts(with: [0x08, 0xC3, 0x79, 0xA0]) else { return nil }
        // Data that only begin like a message are handed on raw.
        guard let values = try? ABIDecoder.decode(Array(data.dropFirst(4)), as: [.string]),
            case .string(let text)? = values.first
        else { return nil }
        return .message(text)
    }

    private static func panic(_ data: [UInt8]) -> RevertReason? {
        guard data.starts(with: [0x4E, 0x48, 0x7B, 0x71]), data.count == 36 else { return nil }
        return UInt256(bigEndianBytes: data.dropFirst(4)).map { .panic($0) }
    }

    private static func custom(_ data: [UInt8]) -> RevertReason? {
        let selector = Array(data.prefix(4))
        return knownErrors.first { $0.selector == selector }.map { .custom($0.function) }
    }
}

private let aaveCodes: KeyValuePairs<String, String> = [
    "27": "reserve inactive", "29": "reserve paused",
    "45": "health factor not below threshold", "46": "collateral cannot be liquidated",
    "47": "specified currency not borrowed by user", "59": "price oracle sentinel check failed",
    "97": "liquidation grace period not over", "103": "must not leave dust",
]

/// Errors of the protocols whose rules we have; selectors are computed, once.
private let knownErrors: [(selector: [UInt8], function: ABIFunction)] = [
    // Aave v3 from v3.4.
    "HealthFactorNotBelowThreshold()", "CollateralCannotBeLiquidated()",
    "SpecifiedCurrencyNotBorrowedByUser()", "MustNotLeaveDust()", "SelfLiquidation()",
    "ReservePaused()", "ReserveInactive()", "LiquidationGraceSentinelCheckFailed()",
    "InvalidAmount()", "FlashloanDisabled()", "InvalidFlashloanExecutorReturn()",
    "AssetNotListed()", "HealthFactorLowerThanLiquidationThreshold()",
    // Compound III.
    "NotLiquidatable()", "NotForSale()", "TooMuchSlippage()", "InsufficientReserves()",
    "BadPrice()", "Paused()", "BadAsset()", "ReentrantCallBlocked()",
    // Morpho's pre-liquidation.
    "NotPreLiquidatablePosition()", "LiquidatablePosition()",
    "PreLiquidationTooLarge(uint256,uint256)",
    // Euler v2.
    "E_SelfLiquidation()", "E_LiquidationCoolOff()", "E_ExcessiveRepayAmount()", "E_MinYield()",
    "E_BadCollateral()", "E_CollateralDisabled()", "E_ControllerDisabled()",
    "E_ViolatorLiquidityDeferred()", "E_AccountLiquidity()",
    // Synthetix v3.
    "NotEligibleForLiquidation(uint128)",
].map { signature in
    // A signature of this table that is not one is a bug of this table.
    guard let function = try? ABIFunction(signature) else {
        preconditionFailure("The signatures of this table are well formed")
    }
    return (function.selector, function)
}
