import KeeperModel

/// Accounts that have earned, and at which drift of prices each is worth another look. A crash
/// leaves thousands of them, and every price asks.
struct EpisodeTable: Sendable {
    private struct Episode {
        let account: AccountID
        var dueAtDriftPpm: UInt64 = 0
    }

    /// In no order, so that nothing moves far when one ends.
    private var episodes: [Episode] = []
    private var places: [AccountID: Int] = [:]
    /// Nobody is due before.
    private var firstDuePpm: UInt64 = 0

    func contains(_ account: AccountID) -> Bool { places[account] != nil }

    mutating func begin(_ account: AccountID) {
        guard places[account] == nil else { return lookSoon(account) }
        places[account] = episodes.count
        episodes.append(Episode(account: account))
        firstDuePpm = 0
    }

    mutating func lookSoon(_ account: AccountID) {
        guard let place = places[account] else { return }
        episodes[place].dueAtDriftPpm = 0
        firstDuePpm = 0
    }

    mutating func end(_ account: AccountID) {
        guard let place = places.removeValue(forKey: account) else { return }
        let last = episodes.removeLast()
        guard place < episodes.count else { return }
        episodes[place] = last
        places[last.account] = place
    }

    /// Those that are over, in no order; of the others it is noted from where they are due again.
    mutating func look(
        atDrift driftPpm: UInt64, roomPpm: (AccountID) -> UInt64?
    ) -> [AccountID] {
        guard firstDuePpm <= driftPpm else { return [] }
        var over: [AccountID] = []
        firstDuePpm = .max
        for place in episodes.indices {
            if episodes[place].dueAtDriftPpm <= driftPpm {
                if let room = roomPpm(episodes[place].account) {
                    episodes[place].dueAtDriftPpm = driftPpm + room
                } else {
                    over.append(episodes[place].account)
                }
            }
            firstDuePpm = min(firstDuePpm, episodes[place].dueAtDriftPpm)
        }
        return over
    }
}
