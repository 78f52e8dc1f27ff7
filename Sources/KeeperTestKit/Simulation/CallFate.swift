import KeeperModel

/// What becomes of one call on its way to the venue and back. It is drawn by whom the call is about
/// and how often there was one before, never by when it is made: what happens in one domain draws
/// no other lots for another.
struct CallFate {
    let isLost: Bool
    let isDoubled: Bool
    let isReplyLost: Bool
    let wayThere: TimeSpan
    let wayBack: TimeSpan

    static let timeout = TimeSpan.seconds(1)

    /// Nobody hears in time what the venue says.
    var isUnanswered: Bool { isReplyLost || wayThere + wayBack > Self.timeout }
}

extension SimulatedDomain {
    func drawFate(ofCallAbout target: Target) -> CallFate {
        callCounts[target, default: 0] += 1
        var lots = SeededGenerator(
            seed: chanceSeed ^ target.mixed ^ (callCounts[target] ?? 0) << 40)
        let isLost = draw(.lostRequests, using: &lots) || answersNobody
        let isDoubled = draw(.duplicatedRequests, using: &lots)
        let isReplyLost = draw(.lostReplies, using: &lots) || answersNobody
        let isLate = draw(.slowRequests, using: &lots)
        let isSlow = draw(.slowReplies, using: &lots)
        let late: ClosedRange<UInt64> = 1_500...9_000
        return CallFate(
            isLost: isLost, isDoubled: isDoubled, isReplyLost: isReplyLost,
            wayThere: way(usually: isLate ? late : 5...400, using: &lots),
            wayBack: way(usually: isSlow ? late : 20...20, using: &lots))
    }
}

extension Target {
    /// FNV-1a over its names: the same on every machine.
    var mixed: UInt64 {
        "\(market)/\(account)".utf8.reduce(0xCBF2_9CE4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
    }
}
