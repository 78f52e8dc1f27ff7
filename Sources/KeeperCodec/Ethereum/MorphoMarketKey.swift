package import WideMath

/// What makes a market of Morpho Blue: its parameters, whose hash is its name.
package struct MorphoMarketKey: Hashable, Sendable {
    package let loanToken: EthereumAddress
    package let collateralToken: EthereumAddress
    package let oracle: EthereumAddress
    package let rateModel: EthereumAddress
    package let lltvWad: UInt256

    package init(
        loanToken: EthereumAddress, collateralToken: EthereumAddress, oracle: EthereumAddress,
        rateModel: EthereumAddress, lltvWad: UInt256
    ) {
        self.loanToken = loanToken
        self.collateralToken = collateralToken
        self.oracle = oracle
        self.rateModel = rateModel
        self.lltvWad = lltvWad
    }

    /// The hash of the five words, addresses to the right.
    package var id: [UInt8] {
        let addresses = [loanToken, collateralToken, oracle, rateModel]
        let words = addresses.flatMap { [UInt8](repeating: 0, count: 12) + $0.bytes }
        return Keccak256.hash(words + lltvWad.bigEndianBytes)
    }
}
