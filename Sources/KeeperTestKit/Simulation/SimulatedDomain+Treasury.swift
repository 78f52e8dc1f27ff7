import KeeperEngine
import KeeperJournal
import KeeperModel
import KeeperRisk
import KeeperRuntime
import VenueSimulator
import WideMath

/// What must hold of transfers. That no unit is made or lost is asked of all of the venue's assets.
extension SimulatedDomain {
    /// Each transfer of the venue is in the books once and no other is, and no day moved more than
    /// a day may.
    func checkTransfers(_ reconciliation: Reconciliation) {
        if let difference = reconciliation.transferDifferences.first {
            violate(
                "transfer \(difference.clientID) is \(difference.atVenue as Any) at the venue and "
                    + "\(difference.inBooks as Any) in the books")
        }
        if let difference = reconciliation.reserveDifferences.first {
            violate(
                "the books have \(difference.booked) of \(difference.asset) in reserve, "
                    + "the venue reports \(difference.reported)")
        }
        checkDays()
        for transfer in venue.settledTransfers(of: SimulatedWorld.keeper).values {
            world.coverage.note(.transfers, transfer.direction.rawValue)
        }
    }

    private func checkDays() {
        for rule in world.limits.treasury?.purses ?? [] where rule.domain == id {
            let moved = venue.transfers.all.compactMap { _, stored -> (Instant, UInt256)? in
                guard case .settled(let receipt) = stored.answer,
                    let transfer = receipt.reserveTransfer, transfer.asset == rule.asset
                else { return nil }
                if transfer.amount > rule.perTransferMax {
                    violate("\(transfer.amount) of \(rule.asset) moved at once")
                }
                return (receipt.settledAt, transfer.amount)
            }
            for (end, _) in moved {
                let sum = moved.reduce(UInt256.zero) { sum, one in
                    one.0 <= end && end - one.0 < .seconds(86_400) ? sum + one.1 : sum
                }
                if sum > rule.perDayMax {
                    violate("\(sum) of \(rule.asset) moved within a day, \(rule.perDayMax) may")
                }
            }
        }
    }

    /// With nothing open any more the keeper knows its reserve to the unit.
    func checkReserve(_ keeper: Keeper) {
        guard world.treasury != nil else { return }
        let known = keeper.engine.risk.reserve(of: id)
        for balance in venue.reserve(of: SimulatedWorld.keeper)
        where known.available(balance.asset) != balance.amount {
            violate(
                "\(known.available(balance.asset)) of \(balance.asset) is thought to be kept "
                    + "aside, \(balance.amount) is")
        }
    }
}
