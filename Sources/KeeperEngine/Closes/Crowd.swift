package import WideMath

/// Candidates of one event that had to share: what each asked for, what there was, and who went
/// first. Kept until the next event, for whoever asks whether the choice was a good one.
package struct Crowd: Sendable {
    package let claims: [Allocation.Claim]
    package let room: [UInt256]
    package let order: [Int]

    init(_ claims: [Allocation.Claim], room: [UInt256]) {
        self.claims = claims
        self.room = room
        order = Allocation.order(claims, room: room)
    }
}
