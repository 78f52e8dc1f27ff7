import KeeperCodec
import KeeperModel
import LiquidationRules
import WideMath

// The shapes of `settlement.md` section 14.

func readClose(_ reader: JSONReader) throws -> (close: ReducedClose, keeper: String) {
    var object = try reader.object()
    let close = ReducedClose(
        height: try object.int64("height"),
        account: try object.required("account").identifier(as: AccountID.self),
        notional: try object.int64("notional"), proceeds: try object.int64("proceeds"),
        obligations: Obligations(
            principal: try object.int64("principal"), interest: try object.int64("interest"),
            fees: try object.int64("fees")),
        equity: try object.int64("equity"), maintenance: try object.int64("maintenance"),
        closedEquity: try object.int64("closedEquity"), reserve: try object.int64("reserve"))
    let keeper = try object.required("keeper").string
    try object.finish()
    return (close, keeper)
}

/// A market where there is one; otherwise the claims given.
func readBearers(_ inputs: inout ObjectReader) throws -> LossBearers {
    let claims = try inputs.required("claims").array(of: readClaim)
    let reader = try inputs.required("market")
    if reader.isNull { return .claims(claims) }
    var market = try reader.object()
    let bearers = LossBearers.market(
        ClosedMarket(
            closedSide: try market.required("side").side(), closedLots: try market.int64("lots"),
            bankruptcyPrice: try market.int64("price"), mark: try market.int64("mark"),
            positions: try market.required("positions").array(of: readPosition)))
    try market.finish()
    return bearers
}

func readClaim(_ reader: JSONReader) throws(JSONReadError) -> SocialClaim {
    var object = try reader.object()
    let claim = SocialClaim(
        account: try object.required("id").identifier(as: AccountID.self),
        amount: try object.int256("amount"))
    try object.finish()
    return claim
}

func readPosition(_ reader: JSONReader) throws(JSONReadError) -> MarketPosition {
    var object = try reader.object()
    let account = try object.required("id").identifier(as: AccountID.self)
    let position = MarginPosition(
        side: try object.required("side").side(), lots: try object.int64("lots"),
        entryPrice: try object.int64("entry"), marginUnits: try object.int64("margin"))
    try object.finish()
    return MarketPosition(account: account, position: position)
}

extension SettlementState {
    init(reading reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        self.init(
            fund: try object.int256("fund"), badDebt: try object.int256("badDebt"),
            loans: try object.required("loans").array(of: Self.readLoan),
            harmed: try object.required("harmed").array(of: Self.readHarm))
        try object.finish()
    }

    private static func readLoan(_ reader: JSONReader) throws(JSONReadError) -> BackstopLoan {
        var object = try reader.object()
        let loan = BackstopLoan(
            id: try object.required("id").string, amount: try object.int256("amount"))
        try object.finish()
        return loan
    }

    private static func readHarm(_ reader: JSONReader) throws(JSONReadError) -> HarmRecord {
        var object = try reader.object()
        let record = HarmRecord(
            account: try object.required("account").identifier(as: AccountID.self),
            height: try object.int64("height"), loss: try object.int256("loss"))
        try object.finish()
        return record
    }

    var vectorValue: JSONValue {
        .record([
            "fund": .text(fund), "badDebt": .text(badDebt),
            "loans": .list(loans) { .record(["id": .string($0.id), "amount": .text($0.amount)]) },
            "harmed": .list(harmed) {
                .record([
                    "account": .text($0.account), "height": .text($0.height),
                    "loss": .text($0.loss),
                ])
            },
        ])
    }
}

extension SettlementLine {
    var vectorValue: JSONValue {
        .record([
            "beneficiary": .string(beneficiary), "amount": .text(amountUnits),
            "reason": .string(reason),
        ])
    }
}

extension Deleveraging {
    var vectorValue: JSONValue {
        .record(["id": .text(account), "lots": .text(lots), "amount": .text(amount)])
    }
}
