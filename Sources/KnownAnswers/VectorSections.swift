/// Every section that some runner understands.
let vectorSections: [VectorSection] = [
    aaveMathVectors, aaveHealthVectors, aaveLiquidationVectors, settlementVectors,
    deleveragingVectors, marginVectors, predictiveVectors, fundVectors, exchangeRuleVectors,
    waterfallVectors, sizingVectors, cometVectors, morphoVectors, liquityVectors, eulerVectors,
    makerVectors,
]

/// The names of all of them.
package let vectorSectionNames: [String] = vectorSections.flatMap(\.names)
