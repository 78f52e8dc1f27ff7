/// What somebody probably meant: the known name with the fewest typing mistakes between it and the
/// given one, if there are few enough. The first of equals wins.
package func nearestName(to name: String, of known: [String]) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    let distanceMax = max(1, wanted.count / 3)
    var nearest: (name: String, distance: Int)?
    for candidate in known {
        let distance = editDistance(wanted, Array(candidate.lowercased().utf8.prefix(64)))
        if distance <= distanceMax && distance < nearest?.distance ?? .max {
            nearest = (candidate, distance)
        }
    }
    return nearest?.name
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn one text
/// into the other (optimal string alignment).
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            let replaced = previous[column] + (byte == other ? 0 : 1)
            var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
            if row > 0 && column > 0 && byte == right[column - 1] && left[row - 1] == other {
                best = min(best, beforePrevious[column - 1] + 1)
            }
            current.append(best)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
}
