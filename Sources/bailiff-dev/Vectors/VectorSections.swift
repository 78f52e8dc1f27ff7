/// Every section that some runner understands.
let vectorSections: [VectorSection] = [
    aaveMathVectors, aaveHealthVectors, aaveLiquidationVectors, settlementVectors,
    deleveragingVectors, marginVectors, predictiveVectors, fundVectors, exchangeRuleVectors,
    waterfallVectors, sizingVectors, cometVectors, morphoVectors, liquityVectors, eulerVectors,
    makerVectors,
]
