import KeeperModel
import LiquidationRules

extension MarketBook {
    mutating func put(_ state: AccountState, into crossings: inout [Crossing]) {
        let row = names.add(state.account)
        while places.count <= row {
            places.append(.none)
            versions.append(0)
            below.append(0)
        }
        versions[row] = state.version
        store(state.position, in: row)
        refresh(row, into: &crossings)
    }

    mutating func remove(_ account: AccountID, into crossings: inout [Crossing]) {
        guard let row = names.row(of: account) else { return }
        vacate(row)
        unreadable[row] = nil
        flip(row, to: 0, into: &crossings)
        names.remove(row)
    }

    /// In the same place where the shape is the same.
    private mutating func store(_ position: AccountPosition, in row: Int) {
        legs.removeAll(keepingCapacity: true)
        unreadable[row] = nil
        let old = places[row]
        if rules.linearLegs(of: position, into: &legs) {
            if old.isLinear, ShapeGroup.shape(of: legs) == old.shape {
                field.replace(old, legs: legs)
                return
            }
            vacate(row)
            places[row] = field.add(row: row, legs: legs)
            return
        }
        vacate(row)
        if let position = rules.position(from: position) {
            places[row] = Place(raw: raw.add(position))
        } else {
            unreadable[row] = position
        }
    }

    /// Takes the row's position out; nothing watches it from here on.
    private mutating func vacate(_ row: Int) {
        let place = places[row]
        places[row] = .none
        if place.isRaw {
            raw.remove(place.slot)
            index.forget(row: row)
        } else if place.isLinear {
            field.forget(row: row)
            if let moved = field.remove(place) { places[moved] = place }
        }
    }

    /// Whether each line is crossed, by its bound where that is sure and else by the exact rule;
    /// then registers the row anew.
    mutating func refresh(_ row: Int, into crossings: inout [Crossing]) {
        let place = places[row]
        if place.isLinear {
            let now = judge(row, at: place)
            flip(row, to: now, into: &crossings)
            field.register(row: row, at: place, below: UInt32(now))
        } else if place.isRaw {
            flip(row, to: watchRaw(row, place), into: &crossings)
        } else {
            flip(row, to: 0, into: &crossings)
        }
    }

    /// Without registering it.
    mutating func judge(_ row: Int, at place: Place) -> UInt8 {
        tally.looks &+= 1
        let verdicts = field.look(place)
        // A bound that says what was known needs no confirmation; whatever is new gets one.
        if verdicts == Self.sure(below[row], field.lines.count) { return below[row] }
        return exactly(row)
    }

    /// The verdicts of a row that is surely where these bits say.
    private static func sure(_ below: UInt8, _ lineCount: Int) -> UInt32 {
        var verdicts: UInt32 = 0
        for line in 0..<lineCount {
            verdicts |= (below >> line & 1 == 1 ? 2 : 1) << (2 * line)
        }
        return verdicts
    }

    /// By the protocol's own rule at full width.
    mutating func exactly(_ row: Int) -> UInt8 {
        tally.confirmations &+= 1
        return answer(row)
    }

    /// The exact rule's answer for a row, by its legs where it is kept by those.
    mutating func answer(_ row: Int) -> UInt8 {
        if field.lines.count == 1, places[row].isLinear {
            legs.removeAll(keepingCapacity: true)
            field.read(places[row], into: &legs)
            return rules.isLiquidatable(legs: legs) ? 1 : 0
        }
        // Not by `map`: its closure would take a copy of the whole book.
        guard let position = position(row) else { return 0 }
        return exactly(position)
    }

    func exactly(_ position: Rules.Position) -> UInt8 {
        var bits: UInt8 = 0
        for (number, line) in field.lines.enumerated() where rules.isBelow(line, position) {
            bits |= 1 << number
        }
        return bits
    }

    private mutating func watchRaw(_ row: Int, _ place: Place) -> UInt8 {
        tally.confirmations &+= 1
        guard let position = raw[place.slot] else { return 0 }
        watches.removeAll(keepingCapacity: true)
        let isLiquidatable = rules.watch(position, into: &watches)
        guard field.lines.count > 1 else {
            index.register(row: row, watches: watches)
            return isLiquidatable ? 1 : 0
        }
        // An interval is that of eligibility alone: with other lines every move is looked at.
        index.register(
            row: row,
            watches: watches.map {
                let value = rules.value(ofVariable: $0.variable)
                return Watch(variable: $0.variable, low: value, high: value)
            })
        return exactly(position)
    }

    mutating func flip(_ row: Int, to now: UInt8, into crossings: inout [Crossing]) {
        let changed = below[row] ^ now
        guard changed != 0 else { return }
        below[row] = now
        for (number, line) in field.lines.enumerated() where changed >> number & 1 == 1 {
            let isBelow = now >> number & 1 == 1
            if isBelow {
                belowRows[number].insert(row)
            } else {
                belowRows[number].remove(row)
            }
            crossings.append(
                Crossing(account: names.account(row), line: line, isBelow: isBelow))
        }
    }
}

/// Positions that are kept whole.
struct RawPositions<Position> {
    private var positions: ContiguousArray<Position?> = []
    private var freeSlots: [Int] = []

    var isEmpty: Bool { positions.count == freeSlots.count }

    subscript(slot: Int) -> Position? { positions[slot] }

    mutating func add(_ position: Position) -> Int {
        guard let slot = freeSlots.popLast() else {
            positions.append(position)
            return positions.count - 1
        }
        positions[slot] = position
        return slot
    }

    mutating func remove(_ slot: Int) {
        positions[slot] = nil
        freeSlots.append(slot)
    }
}
