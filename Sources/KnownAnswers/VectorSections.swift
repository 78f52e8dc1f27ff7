/// Every section that some runner understands.
let vectorSections: [VectorSection] = [
    aaveMathVectors, aaveHealthVectors, aaveLiquidationVectors, settlementVectors,
    deleveragingVectors, marginVectors, predictiveVectors, fundVectors, exchangeRuleVectors,
    waterfallVectors, sizingVectors, cometVectors, morphoVectors, liquityVectors, eulerVectors,
    makerVectors, oracleVectors, keccakVectors, rlpVectors, checksumVectors, abiVectors,
    transactionVectors, messageVectors, feeVectors, rpcErrorVectors, oracleReplyVectors,
    rpcResponseVectors,
]

/// The names of all of them.
package let vectorSectionNames: [String] = vectorSections.flatMap(\.names) + [SelectorList.name]
