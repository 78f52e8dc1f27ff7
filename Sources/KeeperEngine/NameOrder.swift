/// Values by name, kept in the order of their names: for the tables that every event goes through,
/// of domains, markets and prices. They are small, so a name is found by looking, no name is
/// hashed, and whoever goes over all of them has their order for nothing.
///
/// A value is changed in its place by `change`; taken out and put back it would be moved twice.
package struct NameOrder<Name: Comparable, Value> {
    package private(set) var names: [Name] = []
    package private(set) var values: ContiguousArray<Value> = []

    /// From here on names are found by halves.
    private static var lookedThroughMax: Int { 8 }

    package init() {}

    package init(_ table: [Name: Value]) where Name: Hashable {
        let sorted = table.sorted { $0.key < $1.key }
        names = sorted.map(\.key)
        values = ContiguousArray(sorted.map(\.value))
    }

    package var isEmpty: Bool { names.isEmpty }

    package subscript(name: Name) -> Value? {
        get { index(of: name).map { values[$0] } }
        set {
            let place = place(of: name)
            let isThere = place < names.count && names[place] == name
            switch (newValue, isThere) {
            case (let value?, true): values[place] = value
            case (let value?, false):
                names.insert(name, at: place)
                values.insert(value, at: place)
            case (nil, true):
                names.remove(at: place)
                values.remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// Without a copy of the value, which the subscript makes; nil where the name is unknown.
    package func look<Result>(_ name: Name, _ look: (Value) -> Result) -> Result? {
        guard let index = index(of: name) else { return nil }
        return look(values[index])
    }

    /// In place; nil where the name is unknown.
    package mutating func change<Result>(
        _ name: Name, _ change: (inout Value) -> Result
    ) -> Result? {
        guard let index = index(of: name) else { return nil }
        return change(&values[index])
    }

    /// Each in its place, by name.
    package mutating func changeEach(_ change: (Name, inout Value) -> Void) {
        for index in values.indices { change(names[index], &values[index]) }
    }

    package mutating func removeValue(forName name: Name) -> Value? {
        guard let index = index(of: name) else { return nil }
        names.remove(at: index)
        return values.remove(at: index)
    }

    private func index(of name: Name) -> Int? {
        if names.count <= Self.lookedThroughMax { return names.firstIndex(of: name) }
        let place = place(of: name)
        return place < names.count && names[place] == name ? place : nil
    }

    /// Where it is, or would be.
    private func place(of name: Name) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension NameOrder: Sendable where Name: Sendable, Value: Sendable {}
