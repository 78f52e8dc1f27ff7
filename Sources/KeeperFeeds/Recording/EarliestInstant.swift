package import KeeperModel

extension [Instant?] {
    /// Where these are the times of the next rows of several sources: the one that comes first, at
    /// the same instant that of the first source. Nil where every source is at its end.
    ///
    /// Of times alone, because what is generic is slow when it is asked from another room.
    package var earliest: (source: Int, at: Instant)? {
        var best: (source: Int, at: Instant)?
        for source in indices {
            guard let at = self[source] else { continue }
            if let known = best, known.at <= at { continue }
            best = (source, at)
        }
        return best
    }
}
