import KeeperCodec
import KeeperModel
import WideMath

// The parts that every policy has.
extension PolicyReader {
    mutating func penalty(_ reader: JSONReader) throws(JSONReadError) -> PenaltyRule {
        var object = try reader.object()
        let base = try rate(&object, "basePpm")
        let slope = try amount(&object, "slopePpm")
        let cap = try rate(&object, "capPpm")
        let keeper = try rate(&object, "keeperPpm")
        let minimum = try amount(&object, "keeperMinimum")
        let minimumNotional = try amount(&object, "keeperMinimumNotional")
        let window = try amount(&object, "windowHeights")
        var shares = try object.required("shares").object()
        let fund = try rate(&shares, "fundPpm")
        let harmed = try rate(&shares, "harmedPpm")
        let treasury = try rate(&shares, "treasuryPpm")
        try shares.finish()
        try object.finish()
        check(.capBelowBase, base.wide <= cap.wide)
        check(.penaltyShares, fund.wide + harmed.wide + treasury.wide == million)
        check(.window, harmed.wide.isZero || window.wide > 0)
        check(.keeperMinimum, minimum.wide <= minimumNotional.wide)
        return PenaltyRule(
            basePpm: base.narrow, slopePpm: slope.narrow, capPpm: cap.narrow,
            keeperPpm: keeper.narrow, keeperMinimum: minimum.narrow,
            keeperMinimumNotional: minimumNotional.narrow, windowHeights: window.narrow,
            fundPpm: fund.narrow, harmedPpm: harmed.narrow, treasuryPpm: treasury.narrow)
    }

    mutating func surplus(_ reader: JSONReader) throws(JSONReadError) -> SurplusShares {
        var object = try reader.object()
        let account = try rate(&object, "accountPpm")
        let fund = try rate(&object, "fundPpm")
        let lps = try rate(&object, "lpsPpm")
        let stakers = try rate(&object, "stakersPpm")
        try object.finish()
        check(.surplusShares, account.wide + fund.wide + lps.wide + stakers.wide == million)
        return SurplusShares(
            accountPpm: account.narrow, fundPpm: fund.narrow, lpsPpm: lps.narrow,
            stakersPpm: stakers.narrow)
    }

    mutating func fund(_ reader: JSONReader) throws(JSONReadError) -> FundRule {
        var object = try reader.object()
        let floor = try amount(&object, "floor")
        let target = try amount(&object, "target")
        let feeShare = try rate(&object, "feeSharePpm")
        var overflow = try object.required("overflow").object()
        let lps = try rate(&overflow, "lpsPpm")
        let stakers = try rate(&overflow, "stakersPpm")
        let treasury = try rate(&overflow, "treasuryPpm")
        try overflow.finish()
        try object.finish()
        check(.floorAboveTarget, floor.wide <= target.wide)
        check(.overflowShares, lps.wide + stakers.wide + treasury.wide == million)
        return FundRule(
            floor: floor.narrow, target: target.narrow, feeSharePpm: feeShare.narrow,
            overflowLpsPpm: lps.narrow, overflowStakersPpm: stakers.narrow,
            overflowTreasuryPpm: treasury.narrow)
    }

    mutating func backstops(_ reader: JSONReader) throws(JSONReadError) -> [Backstop] {
        var backstops: [Backstop] = []
        for element in try reader.array() {
            var object = try element.object()
            let id = try object.required("id").string
            let capacity = try amount(&object, "capacity")
            try object.finish()
            backstops.append(Backstop(id: id, capacity: capacity.narrow))
        }
        check(.backstops, areNamesOfThings(backstops.map(\.id)))
        return backstops
    }

    func areNamesOfThings(_ names: [String]) -> Bool {
        names.allSatisfy(isWellFormedIdentifier) && Set(names).count == names.count
    }
}
