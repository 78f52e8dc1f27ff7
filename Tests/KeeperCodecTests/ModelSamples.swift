import KeeperModel
import WideMath

/// One value of every kind in the vocabulary, with extremes where a type has them.
enum ModelSamples {
    static let target = Target(
        domain: DomainID("venue"), market: MarketID("core"), account: AccountID("acc-1"))

    static let policy = SettlementPolicy(
        name: "community", version: 3, fromHeight: 7,
        penalty: PenaltyRule(
            basePpm: 1, slopePpm: .max, capPpm: 3, keeperPpm: 4, keeperMinimum: 5,
            keeperMinimumNotional: 6, windowHeights: 7, fundPpm: 8, harmedPpm: 9,
            treasuryPpm: 10),
        surplus: SurplusShares(accountPpm: 1, fundPpm: 2, lpsPpm: 3, stakersPpm: 4),
        fund: FundRule(
            floor: 1, target: .max, feeSharePpm: 2, overflowLpsPpm: 3, overflowStakersPpm: 4,
            overflowTreasuryPpm: 5),
        backstops: [Backstop(id: "pool-a", capacity: 9)], adlMaxPositionPpm: 1,
        socialiseMaxClaimPpm: 2, tiers: [MarginTier(upTo: 1, ratePpm: 2)],
        volatility: VolatilityRule(
            lambdaPpm: 1, initialVariance: 2, initialRatePpm: 3, multiplierPpm: 4, capPpm: 5,
            maxRisePpm: 6),
        predictive: PredictiveRule(
            horizonSteps: 1, triggerPpm: 2, targetPpm: 3, maxStepPpm: 4, maxWindowPpm: 5,
            windowHeights: 6),
        partial: PartialRule(targetPpm: 1, maxStepPpm: 2, dust: 3),
        stress: StressRule(
            exitCostPpm: 1,
            shocks: [
                Shock(
                    name: "crash", defaultPpm: -300_000,
                    assetMovesPpm: [
                        AssetMove(asset: "ETH", movePpm: -2),
                        AssetMove(asset: "BTC", movePpm: .min),
                    ])
            ]))

    static let barePolicy = SettlementPolicy(
        name: "bare", version: 1, fromHeight: 0, penalty: policy.penalty, surplus: policy.surplus,
        fund: policy.fund, backstops: [], adlMaxPositionPpm: 0, socialiseMaxClaimPpm: 0)

    static let venue = VenueDescription(
        quote: AssetDescription(asset: AssetID("USD"), decimals: 6),
        assets: [AssetDescription(asset: AssetID("WETH"), decimals: 18)],
        markets: [
            .lending(
                LendingTerms(
                    market: MarketID("core"), generation: .v3_7, baseUnit: 1_000_000,
                    reserves: [
                        ReserveTerms(
                            asset: AssetID("WETH"), decimals: 18, liquidationThresholdBps: 8250,
                            liquidationBonusBps: 10500, protocolFeeBps: 1000)
                    ], policy: policy)),
            .margin(
                MarginTerms(
                    market: MarketID("btc-perp"), asset: AssetID("BTC"), lotStep: .max,
                    policy: barePolicy)),
        ] + HostedSamples.terms,
        capabilities: VenueCapabilities(
            isAtomic: true, hasFlash: false, allowsPartial: true, canVoid: false,
            callsPerHeight: .max))

    static let lendingAccount = AccountState(
        account: AccountID("a"), version: .max,
        position: .lending(
            LendingPosition(
                collateral: [ScaledBalance(asset: AssetID("WETH"), scaledAmount: .max)],
                debts: [])))

    static let marginAccount = AccountState(
        account: AccountID("b"), version: 0,
        position: .margin(
            MarginPosition(side: .short, lots: .max, entryPrice: 1, marginUnits: .min)))

    static let prices = [PriceKind.eligible, .pending, .market].map { kind in
        PriceUpdate(
            asset: AssetID("WETH"), kind: kind, price: .max, round: 9,
            sourceAt: Instant.believable.lowerBound)
    }

    static let depth = DepthBook(
        asset: AssetID("WETH"), bids: [DepthLevel(price: .max, quantity: .max)], asks: [])

    static let lendingIntent = CloseIntent(
        plan: ClosePlan(
            clientID: ClientID("c-1"), target: target, accountVersion: 4,
            action: .lending(
                LendingClose(
                    repayAsset: AssetID("USD"), repayAmountMax: .max, seizeAsset: AssetID("WETH"),
                    seizeAmountMin: 1, funding: .flash(premiumMax: 5),
                    exit: .sell(proceedsMin: 6))),
            validUntilHeight: 88),
        by: StrategyRun(StrategyName("default"), version: 1),
        expectation: Expectation(
            grossUnits: .max, costUnits: .min,
            inventoryNeeded: [
                AssetAmount(asset: AssetID("USD"), amount: .max)
            ], notionalUnits: .max, exitCostUnits: .min),
        proposedAt: Instant.believable.upperBound, decidedBy: 12)

    static let marginIntent = CloseIntent(
        plan: ClosePlan(
            clientID: ClientID("c-2"), target: target, accountVersion: 0,
            action: .margin(MarginClose(lots: 5, limitPrice: .max, incentiveMin: .min)),
            validUntilHeight: 0),
        by: StrategyRun(StrategyName("s"), version: 1),
        expectation: Expectation(
            grossUnits: 0, costUnits: 0, inventoryNeeded: [], notionalUnits: 0),
        proposedAt: Instant(nanoseconds: 0), decidedBy: 0)

    static let holdingIntent = CloseIntent(
        plan: ClosePlan(
            clientID: ClientID("c-3"), target: target, accountVersion: 1,
            action: .lending(
                LendingClose(
                    repayAsset: AssetID("USD"), repayAmountMax: 2, seizeAsset: AssetID("WETH"),
                    seizeAmountMin: 1, funding: .inventory, exit: .hold)),
            validUntilHeight: 3),
        by: StrategyRun(StrategyName("s"), version: 1), expectation: marginIntent.expectation,
        proposedAt: Instant(nanoseconds: 1), decidedBy: 1)

    static let receipt = CloseReceipt(
        clientID: ClientID("c-1"), fillID: "fill 1/\"é\"", height: 9,
        settledAt: Instant(nanoseconds: 5),
        movements: MovementCause.allCases.map {
            Movement(asset: AssetID("USD"), amount: .min, cause: $0, valueUnits: .max)
        },
        settlements: [
            SettlementRecord(
                id: 7, revision: 0, previousHash: "0x" + String(repeating: "0", count: 64),
                policyName: "community", policyVersion: 1, height: 812, account: "acc-1",
                keeper: "-", facts: [SettlementFact(name: "mark", value: "51000000")],
                lines: [
                    SettlementLine(beneficiary: "proceeds", amountUnits: .min, reason: "proceeds")
                ])
        ])

    static let inclusions: [CloseAnswer] = [
        .included(Inclusion(result: .settled, receipt: receipt), isFinal: true),
        .included(
            Inclusion(
                result: .reverted(Refusal(.slippage, detail: "d")), receipt: receipt),
            isFinal: false),
        .included(Inclusion(result: .cancelled, receipt: receipt), isFinal: false),
    ]

    static let attempts: [AttemptTerms] = [
        AttemptTerms(number: 1, purpose: .close, lane: .venueAPI, bid: nil),
        AttemptTerms(
            number: 2, purpose: .cancel,
            lane: Lane(name: LaneName("pool"), laneClass: .open),
            bid: GasBid(nonce: 7, gasLimit: 21_000, feeMax: .max, tip: 1, costMaxUnits: 9)),
    ]

    static let recovered: [RecoveredIntent] = [
        RecoveredIntent(intent: lendingIntent, attempts: attempts, booked: receipt),
        RecoveredIntent(intent: marginIntent, attempts: []),
        RecoveredIntent(intent: holdingIntent, attempts: []),
    ]

    static let answers: [CloseAnswer] =
        [
            .settled(receipt), .unknown(evidence: "reset\u{0}\n"), .notFound, .voided, .accepted,
        ] + inclusions + RefusalClass.allCases.map { .refused(Refusal($0, detail: "")) }

    static let endings: [IntentEnding] = [
        .won(receipt), .refused(Refusal(.healthy, detail: "d")), .voided,
        .cancelled(reason: "kill switch"),
        .reverted(Refusal(.healthy, detail: "d"), receipt), .withdrawn(receipt),
    ]

    static let eventBodies: [EventBody] =
        [
            .venueDescribed(venue),
            .venueDescribed(venue.signing(by: Array(0..<32))), .pricesPublished(prices),
            .figuresPublished([
                MarketFigures(
                    market: MarketID("core"),
                    figures: FigureName.allCases.map { MarketFigure($0, .max) }
                        + .indexes(of: AssetID("WETH"), liquidityRay: .max, variableBorrowRay: 1))
            ]),
            .accountsReplaced(MarketID("core"), [lendingAccount, marginAccount]),
            .accountsChanged(
                MarketID("core"), changed: [marginAccount], removed: [AccountID("gone")]),
            .depthPublished([depth]),
            .flashPoolsPublished([
                FlashPool(asset: AssetID("USD"), available: .max, premiumBps: 5)
            ]),
            .balancesReported([AssetAmount(asset: AssetID("USD"), amount: .max)]),
            .reserveReported([AssetAmount(asset: AssetID("USD"), amount: .max)]),
            .transfersApproved(plan: "9f86d081884c7d65"),
            .gapDetected(MarketID("core")),
            .chainReported(
                ChainNews(gas: GasPrice(baseFee: .max, usualTip: 1), nextNonce: .max)),
            .callCostReported(.max),
            .clocksParted(TimeSpan(nanoseconds: -.max)), .clocksParted(nil),
            .reorganised,
            .pastDayRecalled(
                PastDay(endings: [
                    PastDay.Ending(
                        domain: nil, approvedAt: Instant(nanoseconds: 1),
                        endedAt: Instant(nanoseconds: 2), netUnits: .min, gasUnits: .max,
                        hasFailed: true),
                    PastDay.Ending(
                        domain: target.domain, approvedAt: Instant(nanoseconds: 1),
                        endedAt: Instant(nanoseconds: 2), netUnits: 0, gasUnits: 0,
                        hasFailed: false,
                        transfer: PastTransfer(
                            domain: DomainID("v"), asset: AssetID("USD"), amount: .max)),
                ])),
            .strategiesRecalled([
                StrategyRecord(
                    run: StrategyRun(StrategyName("s"), version: .max), wonCount: .max)
            ]),
            .questionAnswered(ClientID("c-1"), .wouldSettle(accountVersion: .max)),
            .questionAnswered(ClientID("c-1"), .wouldNot(Refusal(.slippage, detail: "less"))),
            .questionAnswered(ClientID("c-1"), .unanswered(evidence: "timed out")),
            .timerFired(.questionEnds(ClientID("c-1"))),
            .accountsPaged(
                MarketID("core"), AccountPage(number: 3, isLast: true, states: [marginAccount])),
            .marketSwitched(
                MarketSwitch(
                    market: MarketID("core"), isClosable: true,
                    closableFrom: Instant(nanoseconds: 9), implementation: "v2", reason: "r")),
            .marketSwitched(
                MarketSwitch(
                    market: MarketID("core"), isClosable: false, closableFrom: nil,
                    implementation: "", reason: "", state: .settling, sinceHeight: .max,
                    next: AnnouncedState(
                        state: .reduceOnly, effectiveHeight: .max, reason: "over"))),
            .marketSwitched(
                MarketSwitch(
                    market: MarketID("core"), isClosable: false, closableFrom: nil,
                    implementation: "", reason: "unknown", sinceHeight: 1,
                    next: AnnouncedState(state: nil, effectiveHeight: 2, reason: ""))),
            .closesObserved([
                ObservedClose(
                    target: target, keeper: "other", height: .max,
                    paid: AssetAmount(asset: AssetID("USD"), amount: .max), taken: nil,
                    valueUnits: .min),
                ObservedClose(
                    target: target, keeper: "", height: 0, paid: nil,
                    taken: AssetAmount(asset: AssetID("WETH"), amount: 1), valueUnits: .max),
            ]),
            .approvalGiven(target), .timerFired(.holdEnds(target)),
            .timerFired(.marketOpens(MarketID("core"))),
            .intentDurable(ClientID("c-1")), .timerFired(.resolve(ClientID("c-1"))),
            .timerFired(.coolDown(target)), .drainRequested, .killSwitchSet(true),
            .venuePauseSet(true),
            .settingsAdopted(
                SettingsTexts(
                    config: "{\"state\": 1} // why\n",
                    strategies: [SettingsTexts.Strategy(name: "s", text: "{}")])),
            .accountsReplaced(MarketID("core"), HostedSamples.accounts),
        ] + recovered.map { .intentRecovered($0) }
        + answers.map { .closeAnswered(ClientID("c-1"), $0) }
        + HostedSamples.actions.map {
            .intentRecovered(RecoveredIntent(intent: intent($0), attempts: []))
        }

    private static func intent(_ action: CloseAction) -> CloseIntent {
        CloseIntent(
            plan: ClosePlan(
                clientID: ClientID("c-4"), target: target, accountVersion: 1, action: action,
                validUntilHeight: 3),
            by: StrategyRun(StrategyName("s"), version: 1), expectation: marginIntent.expectation,
            proposedAt: Instant(nanoseconds: 1), decidedBy: 1)
    }

    static let verdicts: [Verdict] =
        [
            .eligible, .recovered, .disagreed, .foreseen, .proposed(ClientID("c-1")),
            .ended(ClientID("c-1"), "refused-healthy"),
        ] + SkipReason.allCases.map { .skipped($0) } + MissedCause.allCases.map { .missed($0) }
}
