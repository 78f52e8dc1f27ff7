package import KeeperModel
package import LiquidationRules

/// All accounts of one market, and which of them may be closed: exact after every tick.
///
/// A price moves, the index names the rows whose safe interval it left, the protocol's own rule is
/// asked about those at full width, and they are registered again. Nothing else is touched.
package struct MarketBook<Rules: PublishedMarketRules> {
    package private(set) var rules: Rules
    private var rowOf: [AccountID: Int] = [:]
    private var rows: ContiguousArray<Row> = []
    private var freeRows: [Int] = []
    private var eligibleRows: Set<Int> = []
    private var index: WatchIndex
    /// How often the exact rule was asked: the cost of a tick, for the bench.
    package private(set) var confirmationCount: UInt64 = 0

    /// What the venue published about accounts that do not fit the rules; of all others it is made
    /// from the position.
    private var unreadable: [Int: AccountPosition] = [:]
    private var watches: [Watch] = []

    private struct Row {
        let account: AccountID
        let version: UInt64
        var position: Rules.Position?
    }

    package init(rules: Rules) {
        self.rules = rules
        index = WatchIndex(variableCount: rules.variableCount)
    }

    package var accountCount: Int { rowOf.count }

    package func state(of account: AccountID) -> AccountState? {
        guard let number = rowOf[account] else { return nil }
        let row = rows[number]
        return (row.position.map { rules.published($0) } ?? unreadable[number]).map {
            AccountState(account: account, version: row.version, position: $0)
        }
    }

    package func position(of account: AccountID) -> Rules.Position? {
        rowOf[account].flatMap { rows[$0].position }
    }

    package func isEligible(_ account: AccountID) -> Bool {
        rowOf[account].map { eligibleRows.contains($0) } ?? false
    }

    /// Every account that may be closed now, by id.
    package var eligibleAccounts: [AccountID] {
        eligibleRows.map { rows[$0].account }.sorted()
    }

    /// Accounts that do not fit this market's rules: watched by nobody, so they are counted.
    package var unreadableAccounts: [AccountID] {
        unreadable.keys.map { rows[$0].account }.sorted()
    }

    /// All prices of one tick come into force together; returns who crossed, by id.
    package mutating func publish(_ prices: [PriceUpdate]) -> [Crossing] {
        var moved: [Int] = []
        for price in prices {
            moved += rules.publish(price)
        }
        return confirmCrossed(moved)
    }

    package mutating func take(_ figures: [MarketFigure]) -> [Crossing] {
        confirmCrossed(rules.take(figures))
    }

    package mutating func replaceAll(_ states: [AccountState]) -> [Crossing] {
        let kept = Set(states.map(\.account))
        let gone = rowOf.keys.filter { !kept.contains($0) }.sorted()
        return change(states, removed: gone)
    }

    package mutating func change(
        _ states: [AccountState], removed: [AccountID]
    ) -> [Crossing] {
        var crossings: [Crossing] = []
        for account in removed {
            if let crossing = remove(account) { crossings.append(crossing) }
        }
        for state in states {
            if let crossing = put(state) { crossings.append(crossing) }
        }
        return crossings.sorted { $0.account < $1.account }
    }

    /// The slow truth: accounts about which the index and the exact rule disagree, by id. Empty, or
    /// an alarm.
    package func disagreements() -> [AccountID] {
        rowOf.values.filter { number in
            let exact = rows[number].position.map { rules.isLiquidatable($0) } ?? false
            return exact != eligibleRows.contains(number)
        }.map { rows[$0].account }.sorted()
    }

    func allPositions() -> [(account: AccountID, position: Rules.Position)] {
        rows.compactMap { row in row.position.map { (row.account, $0) } }
    }

    func exactScanCount() -> Int {
        rows.count { row in row.position.map { rules.isLiquidatable($0) } ?? false }
    }
}

/// An account that went over its line, in either direction.
package struct Crossing: Hashable, Sendable {
    package let account: AccountID
    package let isEligible: Bool

    package init(account: AccountID, isEligible: Bool) {
        self.account = account
        self.isEligible = isEligible
    }
}

extension MarketBook {
    private mutating func put(_ state: AccountState) -> Crossing? {
        let position = rules.position(from: state.position)
        let row = Row(account: state.account, version: state.version, position: position)
        let number = rowOf[state.account] ?? freeRows.popLast() ?? rows.count
        if number == rows.count {
            rows.append(row)
        } else {
            rows[number] = row
        }
        rowOf[state.account] = number
        unreadable[number] = position == nil ? state.position : nil
        return confirm(number)
    }

    private mutating func remove(_ account: AccountID) -> Crossing? {
        guard let number = rowOf.removeValue(forKey: account) else { return nil }
        index.forget(row: number)
        rows[number].position = nil
        unreadable[number] = nil
        freeRows.append(number)
        guard eligibleRows.remove(number) != nil else { return nil }
        return Crossing(account: account, isEligible: false)
    }

    private mutating func confirmCrossed(_ variables: [Int]) -> [Crossing] {
        var crossed: [Int] = []
        for variable in variables {
            index.takeCrossed(
                variable: variable, value: rules.value(ofVariable: variable), into: &crossed)
        }
        guard !crossed.isEmpty else { return [] }
        crossed.sort()
        var crossings: [Crossing] = []
        var previous = -1
        for number in crossed where number != previous {
            previous = number
            if let crossing = confirm(number) { crossings.append(crossing) }
        }
        return crossings.sorted { $0.account < $1.account }
    }

    /// Asks the exact rule, registers the row anew, and says whether it crossed.
    private mutating func confirm(_ number: Int) -> Crossing? {
        confirmationCount &+= 1
        guard let position = rows[number].position else {
            index.forget(row: number)
            return flip(number, to: false)
        }
        watches.removeAll(keepingCapacity: true)
        let isLiquidatable = rules.watch(position, into: &watches)
        index.register(row: number, watches: watches)
        return flip(number, to: isLiquidatable)
    }

    private mutating func flip(_ number: Int, to isEligible: Bool) -> Crossing? {
        guard eligibleRows.contains(number) != isEligible else { return nil }
        if isEligible {
            eligibleRows.insert(number)
        } else {
            eligibleRows.remove(number)
        }
        return Crossing(account: rows[number].account, isEligible: isEligible)
    }
}
