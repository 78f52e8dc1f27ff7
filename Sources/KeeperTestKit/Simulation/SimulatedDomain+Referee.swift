import KeeperModel
import LiquidationRules
import Referee
package import VenueSimulator
import WideMath

/// A second opinion on every close that the venue settled. Venue and keeper share one set of
/// rules, so a wrong rule agrees with itself in both; the referee shares none of it.
extension SimulatedDomain {
    func checkSettledCloses() {
        for evidence in venue.takeEvidence() {
            world.resettledCount += 1
            if let complaint = evidence.complaint { violate(complaint) }
        }
    }
}

extension CloseEvidence {
    /// The first figure that the referee finds otherwise; nil where it finds none.
    package var complaint: String? {
        discrepancy.map { "\(plan.clientID) of \(plan.target): \($0)" }
    }

    fileprivate var discrepancy: Discrepancy? {
        switch (terms, plan.action) {
        case (.lending(let terms), .lending(let request)):
            LendingCase(repaid(request, terms.policy), terms: terms, sight: sight).discrepancy
        case (.margin(let terms), .margin(let request)):
            MarginCase(settled, terms: terms, request: request, sight: sight).discrepancy
        case (.morphoBlue(let terms), .lending(let request)):
            MorphoCase(
                repaid(request, terms.policy), terms: terms, sight: sight, sightAfter: sightAfter
            ).discrepancy
        case (.euler(let terms), .lending(let request)):
            EulerCase(repaid(request, terms.policy), terms: terms, sight: sight).discrepancy
        case (.compound(let terms), .purchase(let request)):
            CometCase(settled, terms: terms, purchase: request, sight: sight).discrepancy
        case (.compound(let terms), .push):
            CometCase(settled, terms: terms, purchase: nil, sight: sight).discrepancy
        case (.liquity(let terms), .push(let push)):
            LiquityCase(settled, terms: terms, push: push, sight: sight, sightAfter: sightAfter)
                .discrepancy
        case (.maker(let terms), let action):
            MakerCase(settled, terms: terms, action: action, sight: sight).discrepancy
        default: Discrepancy("close", published: "settled", recomputed: "of no kind known here")
        }
    }

    private var sight: MarketSight { MarketSight(prices: prices, figures: before.figures) }
    private var sightAfter: MarketSight { MarketSight(prices: prices, figures: after.figures) }

    private func repaid(_ request: LendingClose, _ policy: SettlementPolicy) -> RepaidCase {
        RepaidCase(
            settled, policy: policy, request: request, lenders: before.claims,
            lendersAfter: after.claims)
    }

    private var settled: SettledCase {
        SettledCase(
            account: plan.target.account, receipt: receipt,
            accountsBefore: before.accounts, accountsAfter: after.accounts,
            booksBefore: VenueBooks(before.settlement), booksAfter: VenueBooks(after.settlement))
    }
}

extension CloseEvidence.Standing {
    fileprivate var claims: [NamedAmount] {
        lenders.map { NamedAmount($0.account.text, Rational($0.amount)) }
    }
}

extension VenueBooks {
    fileprivate init(_ state: SettlementState) {
        self.init(
            fund: Rational(state.fund), badDebt: Rational(state.badDebt),
            loans: state.loans.map { NamedAmount($0.id, Rational($0.amount)) },
            harmed: state.harmed.map {
                HarmFacts(
                    account: $0.account.text, height: Rational($0.height),
                    loss: Rational($0.loss))
            })
    }
}
