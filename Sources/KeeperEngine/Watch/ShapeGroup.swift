import CKernels
import LiquidationRules

/// All rows with so many collaterals and so many debts, side by side without gaps.
///
/// A balance of up to 96 bits is kept whole, in an upper and a lower part: the upper one, which is
/// all that a scan in whole numbers needs, has the number of places that its reserve says. Beside
/// it stands the nearest float.
struct ShapeGroup {
    let collateralCount: Int
    let debtCount: Int
    private(set) var rows: ContiguousArray<UInt32> = []
    /// The layout of ckernels.h: floats, then the numbers of reserves.
    private(set) var bounds: ContiguousArray<UInt32> = []
    /// Blocks like those of the floats.
    private(set) var uppers: ContiguousArray<UInt64> = []
    /// The lower 32 bits, or none of a reserve that keeps all in the upper part.
    private var lowers: ContiguousArray<UInt32> = []

    static let laneCount = Int(CK_LANES)
    static let shapeCount =
        (LinearLeg.collateralCountMax + 1) * (LinearLeg.debtCountMax + 1)

    init(shape: Int) {
        collateralCount = shape / (LinearLeg.debtCountMax + 1)
        debtCount = shape % (LinearLeg.debtCountMax + 1)
    }

    static func shape(of legs: [LinearLeg]) -> Int {
        let debts = legs.count { $0.isDebt }
        return (legs.count - debts) * (LinearLeg.debtCountMax + 1) + debts
    }

    var legCount: Int { collateralCount + debtCount }
    private var wordsPerBlock: Int { legCount * (Self.laneCount + Self.laneCount / 4) }

    /// Returns the slot.
    mutating func append(row: Int, legs: [LinearLeg], isWide: ContiguousArray<Bool>) -> Int {
        let slot = rows.count
        rows.append(UInt32(row))
        if slot % Self.laneCount == 0 { appendBlock() }
        write(legs, at: slot, isWide: isWide)
        return slot
    }

    mutating func write(_ legs: [LinearLeg], at slot: Int, isWide: ContiguousArray<Bool>) {
        for (number, leg) in legs.enumerated() {
            let isSplit = isWide[Int(leg.reserve)]
            let low = UInt64(truncatingIfNeeded: leg.amount)
            let high = UInt64(truncatingIfNeeded: leg.amount >> 64)
            let (block, lane) = slot.quotientAndRemainder(dividingBy: Self.laneCount)
            let place = number * Self.laneCount + lane
            bounds[block * wordsPerBlock + place] = ck_amount(high, low, leg.isDebt ? 1 : 0)
            setReserve(leg.reserve, block, place)
            let index = block * legCount * Self.laneCount + place
            uppers[index] = isSplit ? UInt64(truncatingIfNeeded: leg.amount >> 32) : low
            lowers[index] = isSplit ? UInt32(truncatingIfNeeded: leg.amount) : 0
        }
    }

    /// The last row takes the slot; returns its number, or nil where it was the last itself.
    mutating func remove(slot: Int) -> Int? {
        let last = rows.count - 1
        if slot != last {
            rows[slot] = rows[last]
            copy(from: last, to: slot)
        }
        rows.removeLast()
        if last % Self.laneCount == 0 {
            bounds.removeLast(wordsPerBlock)
            uppers.removeLast(legCount * Self.laneCount)
            lowers.removeLast(legCount * Self.laneCount)
        }
        return slot == last ? nil : Int(rows[slot])
    }

    func read(slot: Int, isWide: ContiguousArray<Bool>, into legs: inout [LinearLeg]) {
        let (block, lane) = slot.quotientAndRemainder(dividingBy: Self.laneCount)
        for number in 0..<legCount {
            let place = number * Self.laneCount + lane
            let reserve = reserve(block, place)
            let index = block * legCount * Self.laneCount + place
            let upper = UInt128(uppers[index])
            legs.append(
                LinearLeg(
                    reserve: reserve, isDebt: number >= collateralCount,
                    amount: isWide[Int(reserve)] ? upper << 32 | UInt128(lowers[index]) : upper))
        }
    }

    func reserve(slot: Int, leg: Int) -> UInt8 {
        reserve(slot / Self.laneCount, leg * Self.laneCount + slot % Self.laneCount)
    }

    // MARK: Blocks

    private mutating func appendBlock() {
        bounds.append(contentsOf: repeatElement(0, count: wordsPerBlock))
        uppers.append(contentsOf: repeatElement(0, count: legCount * Self.laneCount))
        lowers.append(contentsOf: repeatElement(0, count: legCount * Self.laneCount))
    }

    private mutating func copy(from: Int, to: Int) {
        let (block, lane) = from.quotientAndRemainder(dividingBy: Self.laneCount)
        let (newBlock, newLane) = to.quotientAndRemainder(dividingBy: Self.laneCount)
        for number in 0..<legCount {
            let (old, new) = (number * Self.laneCount + lane, number * Self.laneCount + newLane)
            bounds[newBlock * wordsPerBlock + new] = bounds[block * wordsPerBlock + old]
            setReserve(reserve(block, old), newBlock, new)
            let size = legCount * Self.laneCount
            uppers[newBlock * size + new] = uppers[block * size + old]
            lowers[newBlock * size + new] = lowers[block * size + old]
        }
    }

    /// Four numbers of reserves share a word, lowest byte first.
    private func word(_ block: Int, _ place: Int) -> Int {
        block * wordsPerBlock + legCount * Self.laneCount + place / 4
    }

    private func reserve(_ block: Int, _ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: bounds[word(block, place)] >> (8 * UInt32(place % 4)))
    }

    private mutating func setReserve(_ reserve: UInt8, _ block: Int, _ place: Int) {
        let shift = 8 * UInt32(place % 4)
        let index = word(block, place)
        bounds[index] = bounds[index] & ~(0xff << shift) | UInt32(reserve) << shift
    }
}
