package import KeeperJournal
package import KeeperModel
import WideMath

/// The keeper's books beside the venue's, and every unit in which they differ.
package struct ReconciliationReport: Sendable {
    private let reconciliation: Reconciliation
    private let unit: AssetDescription

    package init(_ reconciliation: Reconciliation, unit: AssetDescription) {
        self.reconciliation = reconciliation
        self.unit = unit
    }

    package var isClean: Bool { reconciliation.isClean }

    package var lines: [String] {
        var lines = [
            "reconciliation: \(reconciliation.matchedSettlementCount) settlements agree with the "
                + "venue's, " + MoneyText(unit).text(reconciliation.explainedUnits)
        ]
        for difference in reconciliation.settlementDifferences {
            lines.append(
                "settlement \(difference.id) revision \(difference.revision): "
                    + "\(difference.kind.rawValue), unexplained \(difference.unexplainedUnits)")
        }
        if reconciliation.matchedTransferCount > 0 {
            lines.append("\(reconciliation.matchedTransferCount) transfers agree")
        }
        for difference in reconciliation.transferDifferences {
            let (theirs, ours) = (difference.atVenue?.text, difference.inBooks?.text)
            lines.append(
                "transfer \(difference.clientID): the venue says \(theirs ?? "none"), "
                    + "the books have \(ours ?? "none")")
        }
        for difference in reconciliation.reserveDifferences {
            lines.append(
                "\(difference.asset) in reserve: the venue reports \(difference.reported), the "
                    + "books have \(difference.booked), unexplained \(difference.unexplained)")
        }
        for difference in reconciliation.balanceDifferences {
            lines.append(
                "\(difference.asset): the venue reports \(difference.reported), the books have "
                    + "\(difference.booked), unexplained \(difference.unexplained)")
        }
        lines.append(isClean ? "every unit is explained" : "NOT every unit is explained")
        return lines
    }
}

extension ReserveTransfer {
    fileprivate var text: String { "\(direction.rawValue) of \(amount) \(asset)" }
}
