import WideMath

/// `liquidationCall` of Aave's pools on rollups, where calldata is what costs: the arguments packed
/// into two words (aave-v3-origin, `CalldataLogic`).
package struct AaveCompactClose: Hashable, Sendable {
    package let collateralReserve: UInt16
    package let debtReserve: UInt16
    package let user: EthereumAddress
    /// Nil for whatever the pool allows.
    package let debtToCover: UInt128?
    package let receivesCollateralToken: Bool

    package init(
        collateralReserve: UInt16, debtReserve: UInt16, user: EthereumAddress,
        debtToCover: UInt128?, receivesCollateralToken: Bool
    ) {
        self.collateralReserve = collateralReserve
        self.debtReserve = debtReserve
        self.user = user
        self.debtToCover = debtToCover
        self.receivesCollateralToken = receivesCollateralToken
    }

    /// From the lowest bit up: collateral, debt, user.
    package var firstWord: [UInt8] {
        let ids = UInt256(UInt64(debtReserve) << 16 | UInt64(collateralReserve))
        // Twenty bytes are less than 256 bits.
        let owner = UInt256(bigEndianBytes: user.bytes) ?? .zero
        return (owner << 32 | ids).bigEndianBytes
    }

    /// The amount, all ones for the most, and above it the flag.
    package var secondWord: [UInt8] {
        let amount = UInt256(debtToCover ?? .max)
        let flag: UInt256 = receivesCollateralToken ? .one << 128 : .zero
        return (amount | flag).bigEndianBytes
    }

    package var calldata: [UInt8] {
        Array(Keccak256.hash("liquidationCall(bytes32,bytes32)").prefix(4)) + firstWord + secondWord
    }
}
