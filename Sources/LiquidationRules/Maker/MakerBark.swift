package import WideMath

/// A vault and the limits under which it is seized. Amounts are wads, rates and spot rays, limits
/// and dust rads (1e45).
package struct MakerVault: Hashable, Sendable {
    package let ink: UInt256
    package let art: UInt256
    package let rate: UInt256
    package let spot: UInt256
    package let dust: UInt256
    package let chop: UInt256

    package init(
        ink: UInt256, art: UInt256, rate: UInt256, spot: UInt256, dust: UInt256, chop: UInt256
    ) {
        self.ink = ink
        self.art = art
        self.rate = rate
        self.spot = spot
        self.dust = dust
        self.chop = chop
    }

    package var isUnsafe: Bool {
        get throws(ArithmeticError) {
            let worth = try ink.checkedMultiply(spot)
            let owed = try art.checkedMultiply(rate)
            return !spot.isZero && worth < owed
        }
    }
}

/// How much may be in auctions at once, of all collaterals and of this one.
package struct MakerLimits: Hashable, Sendable {
    package let globalMax: UInt256
    package let globalNow: UInt256
    package let ilkMax: UInt256
    package let ilkNow: UInt256

    package init(globalMax: UInt256, globalNow: UInt256, ilkMax: UInt256, ilkNow: UInt256) {
        self.globalMax = globalMax
        self.globalNow = globalNow
        self.ilkMax = ilkMax
        self.ilkNow = ilkNow
    }

    fileprivate var room: UInt256 {
        min(globalMax.saturatingSubtract(globalNow), ilkMax.saturatingSubtract(ilkNow))
    }
}

/// Why the contracts revert, in their words.
package enum MakerRefusal: String, Error, Hashable, Sendable {
    case notUnsafe = "Dog/not-unsafe"
    case limitHit = "Dog/liquidation-limit-hit"
    case dustyAuction = "Dog/dusty-auction-from-partial-liquidation"
    case nullAuction = "Dog/null-auction"
    case noPartialPurchase = "Clipper/no-partial-purchase"
}

/// What `bark` takes from a vault and puts up for auction.
package struct MakerBark: Hashable, Sendable {
    package let room: UInt256
    package let dart: UInt256
    package let dink: UInt256
    package let due: UInt256
    /// What the auction has to bring: the debt and the penalty.
    package let tab: UInt256

    /// The auction, or why there is none; throws where a product does not fit.
    package static func quote(
        _ vault: MakerVault, limits: MakerLimits
    ) throws(ArithmeticError) -> Result<MakerBark, MakerRefusal> {
        guard try vault.isUnsafe else { return .failure(.notUnsafe) }
        let room = limits.room
        guard !room.isZero else { return .failure(.limitHit) }
        guard let dart = try debtTaken(vault, room: room) else { return .failure(.dustyAuction) }
        let dink = try narrowMulDiv(vault.ink, dart, dividingBy: vault.art, rounding: .down)
        guard !dink.isZero else { return .failure(.nullAuction) }
        let due = try dart.checkedMultiply(vault.rate)
        let tab = try wadMul(due, vault.chop, rounding: .down)
        return .success(MakerBark(room: room, dart: dart, dink: dink, due: due, tab: tab))
    }

    /// As much debt as the limits have room for, but no dust on either side of the cut: dust left
    /// in the vault is taken too, past the limit, and a dusty auction is refused with nil.
    private static func debtTaken(
        _ vault: MakerVault, room: UInt256
    ) throws(ArithmeticError) -> UInt256? {
        let fitting = try room.checkedMultiply(wad)
            .divided(by: vault.rate, rounding: .down).divided(by: vault.chop, rounding: .down)
        let part = min(vault.art, fitting)
        guard vault.art > part else { return part }
        let left = try (vault.art - part).checkedMultiply(vault.rate)
        if left < vault.dust { return vault.art }
        return try part.checkedMultiply(vault.rate) < vault.dust ? nil : part
    }
}
