// Maker's dog and clipper, written from `protocols.md` A7. Wad 1e18, ray 1e27, rad 1e45.

package struct MakerUrn: Sendable {
    package let ink: Rational
    package let art: Rational

    package init(ink: Rational, art: Rational) {
        self.ink = ink
        self.art = art
    }

    package func isEligible(spot: Rational, rate: Rational) -> Bool {
        spot.isPositive && ink * spot < art * rate
    }
}

package enum MakerRefusal: String, Sendable {
    case notUnsafe = "Dog/not-unsafe"
    case limitHit = "Dog/liquidation-limit-hit"
    case dustyPartial = "Dog/dusty-auction-from-partial-liquidation"
    case nothingSold = "Dog/null-auction"
    case noPartialPurchase = "Clipper/no-partial-purchase"
}

/// An auction begun: how much of the urn it takes.
package struct MakerBark: Sendable {
    package let room: Rational
    package let dart: Rational
    package let dink: Rational
    package let due: Rational
    package let tab: Rational

    package static func of(
        _ urn: MakerUrn, spot: Rational, rate: Rational, dust: Rational, chop: Rational,
        room: Rational
    ) -> Result<MakerBark, MakerRefused> {
        guard urn.isEligible(spot: spot, rate: rate) else { return refused(.notUnsafe) }
        guard room.isPositive else { return refused(.limitHit) }
        var dart = min(urn.art, ((room * wad / rate).floor / chop).floor)
        if dart < urn.art {
            if (urn.art - dart) * rate < dust {
                dart = urn.art
            } else if dart * rate < dust {
                return refused(.dustyPartial)
            }
        }
        let dink = (urn.ink * dart / urn.art).floor
        guard dink.isPositive else { return refused(.nothingSold) }
        let due = dart * rate
        return .success(
            MakerBark(
                room: room, dart: dart, dink: dink, due: due, tab: (due * chop / wad).floor))
    }

    private static func refused(_ refusal: MakerRefusal) -> Result<MakerBark, MakerRefused> {
        .failure(MakerRefused(refusal: refusal))
    }
}

package struct MakerRefused: Error, Sendable {
    package let refusal: MakerRefusal
}

/// What one purchase from an auction pays and leaves.
package struct MakerTake: Sendable {
    package let slice: Rational
    package let owe: Rational
    package let tabAfter: Rational
    package let lotAfter: Rational

    package var isClosed: Bool { tabAfter.isZero || lotAfter.isZero }
    package var returned: Rational { tabAfter.isZero ? lotAfter : 0 }
    package var badDebt: Rational { lotAfter.isZero ? tabAfter : 0 }

    package static func of(
        amount: Rational, tab: Rational, lot: Rational, price: Rational, chost: Rational
    ) -> Result<MakerTake, MakerRefused> {
        var slice = min(lot, amount)
        var owe = slice * price
        if owe > tab {
            owe = tab
            slice = (owe / price).floor
        } else if owe < tab, slice < lot, tab - owe < chost {
            guard tab > chost else {
                return .failure(MakerRefused(refusal: .noPartialPurchase))
            }
            owe = tab - chost
            slice = (owe / price).floor
        }
        return .success(
            MakerTake(slice: slice, owe: owe, tabAfter: tab - owe, lotAfter: lot - slice))
    }
}

/// How an auction's price falls.
package enum MakerCurve: Sendable {
    case linear(tau: Rational)
    case stairs(step: UInt64, cut: Rational)
    case exponential(cut: Rational)

    package func price(top: Rational, elapsed: UInt64) -> Rational {
        switch self {
        case .linear(let tau):
            let left = tau - Rational(elapsed)
            return left.isPositive ? (top * (left * ray / tau).floor / ray).floor : 0
        case .stairs(let step, let cut):
            return (top * rayPower(cut, elapsed / step) / ray).floor
        case .exponential(let cut):
            return (top * rayPower(cut, elapsed) / ray).floor
        }
    }
}

/// Square and multiply, every product rounded half up.
package func rayPower(_ base: Rational, _ exponent: UInt64) -> Rational {
    var power = exponent % 2 == 0 ? ray : base
    var (square, rest) = (base, exponent / 2)
    while rest > 0 {
        square = (square * square / ray).halfUp
        if rest % 2 == 1 { power = (power * square / ray).halfUp }
        rest /= 2
    }
    return power
}
