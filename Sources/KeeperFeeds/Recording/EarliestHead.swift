package import KeeperModel

extension Array {
    /// Of the next rows of several sources, the number of the one that comes first; at the same
    /// instant that of the first source. Nil where every source is at its end.
    package func earliestHead<Head>(at instant: (Head) -> Instant) -> Int? where Element == Head? {
        var best: (number: Int, at: Instant)?
        for (number, head) in enumerated() {
            guard let head else { continue }
            let at = instant(head)
            if best.map({ at < $0.at }) ?? true { best = (number, at) }
        }
        return best?.number
    }
}
