package import WideMath

/// What an asset is called and how many digits its smallest unit stands behind the point.
package struct AssetDescription: Hashable, Sendable {
    package let asset: AssetID
    package let decimals: UInt8

    package init(asset: AssetID, decimals: UInt8) {
        self.asset = asset
        self.decimals = decimals
    }
}

/// An amount in the asset's smallest unit.
package struct AssetAmount: Hashable, Sendable {
    package let asset: AssetID
    package let amount: UInt256

    package init(asset: AssetID, amount: UInt256) {
        self.asset = asset
        self.amount = amount
    }
}
