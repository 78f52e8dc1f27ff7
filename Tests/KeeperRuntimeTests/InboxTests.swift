import KeeperModel
import KeeperRuntime
import Testing

@Suite struct InboxTests {
    private let market = MarketID("m")

    @Test func `people come first, then outcomes, timers, prices and the rest`() {
        var inbox = Inbox()
        let bodies: [EventBody] = [
            .accountsChanged(market, changed: [], removed: []), .pricesPublished([]),
            .timerFired(.resolve(ClientID("k"))), .intentDurable(ClientID("k")),
            .drainRequested,
        ]
        for body in bodies { inbox.post(letter(body)) }
        var order: [EventBody] = []
        while let next = inbox.next() { order.append(next.body) }
        #expect(order == bodies.reversed())
    }

    @Test func `letters of one kind keep their order`() {
        var inbox = Inbox()
        for number in 0..<5_000 {
            inbox.post(letter(.intentDurable(ClientID("k\(number)"))))
        }
        for number in 0..<5_000 {
            #expect(inbox.next()?.body == .intentDurable(ClientID("k\(number)")))
        }
        #expect(inbox.isEmpty)
    }

    @Test func `a lost account change becomes a gap, and a lost outcome does not exist`() {
        var inbox = Inbox(feedLettersMax: 2)
        for _ in 0..<3 { inbox.post(letter(.accountsChanged(market, changed: [], removed: []))) }
        for number in 0..<9 { inbox.post(letter(.intentDurable(ClientID("k\(number)")))) }
        #expect(inbox.droppedCount == 1)
        var bodies: [EventBody] = []
        while let next = inbox.next() { bodies.append(next.body) }
        #expect(bodies.contains(.gapDetected(market)))
        #expect(bodies.count == 12)
    }

    @Test func `a large set comes in pages, and a price goes between them`() {
        var inbox = Inbox(pageRowsMax: 2)
        let states = (0..<5).map { number in
            AccountState(
                account: AccountID("a\(number)"), version: 1,
                position: .lending(LendingPosition(collateral: [], debts: [])))
        }
        inbox.post(letter(.accountsReplaced(market, states)))
        inbox.post(letter(.accountsChanged(market, changed: [], removed: [])))
        let first = inbox.next()?.body
        inbox.post(letter(.pricesPublished([])))
        var bodies: [EventBody] = []
        while let next = inbox.next() { bodies.append(next.body) }
        #expect(
            [first].compactMap { $0 } + bodies == [
                .accountsPaged(market, page(0, states[0..<2])), .pricesPublished([]),
                .accountsPaged(market, page(1, states[2..<4])),
                .accountsPaged(market, page(2, states[4..<5], isLast: true)),
                .accountsChanged(market, changed: [], removed: []),
            ])
        inbox.post(letter(.accountsReplaced(market, Array(states[0..<2]))))
        #expect(inbox.next()?.body == .accountsReplaced(market, Array(states[0..<2])))
    }

    @Test func `within a priority each domain has its turn, in its own order`() {
        var inbox = Inbox()
        for number in 0..<100 { inbox.post(gap(number, of: "flood")) }
        for number in 0..<3 { inbox.post(gap(number, of: "calm")) }
        let order = (0..<6).compactMap { _ in inbox.next() }
        #expect(order.map(\.domain.text) == ["flood", "calm", "flood", "calm", "flood", "calm"])
        #expect(order.filter { $0.domain.text == "calm" } == (0..<3).map { gap($0, of: "calm") })
    }

    @Test func `a heap of one domain's news drops none of another's`() {
        var inbox = Inbox(feedLettersMax: 2)
        for _ in 0..<9 { inbox.post(news(of: "flood")) }
        for _ in 0..<2 { inbox.post(news(of: "calm")) }
        #expect(inbox.droppedCount == 7)
        let rest = (0..<inbox.count).compactMap { _ in inbox.next() }
        #expect(rest.count { $0.domain.text == "calm" } == 2)
        #expect(rest.count { $0.domain.text == "calm" && $0.body == .gapDetected(market) } == 0)
    }

    @Test func `news of one domain do not wait for ever behind the prices of another`() {
        var inbox = Inbox()
        inbox.post(news(of: "calm"))
        inbox.post(news(of: "flood"))
        var served: Int?
        for number in 0..<1_000 where served == nil {
            inbox.post(letter(.pricesPublished([]), of: "flood"))
            inbox.post(letter(.pricesPublished([]), of: "flood"))
            if inbox.next()?.domain.text == "calm" { served = number }
        }
        #expect(served == 32)
        // Its own prices come before its own news, however many there are.
        var own = Inbox()
        own.post(news(of: "flood"))
        for _ in 0..<100 { own.post(letter(.pricesPublished([]), of: "flood")) }
        #expect((0..<100).allSatisfy { _ in own.next()?.body == .pricesPublished([]) })
    }

    @Test func `what comes next of a domain does not depend on others`() {
        var inbox = Inbox()
        for number in 0..<5 { inbox.post(gap(number, of: "flood")) }
        inbox.post(news(of: "calm"))
        inbox.post(letter(.intentDurable(ClientID("k1")), of: "flood"))
        #expect(inbox.first(of: DomainID("calm")) == news(of: "calm"))
        #expect(inbox.first(of: DomainID("flood"))?.body == .intentDurable(ClientID("k1")))
        #expect(inbox.first(of: DomainID("nobody")) == nil)
    }

    private func gap(_ number: Int, of domain: String) -> FeedLetter {
        letter(.gapDetected(MarketID("m\(number)")), of: domain)
    }

    private func news(of domain: String) -> FeedLetter {
        letter(.accountsChanged(market, changed: [], removed: []), of: domain)
    }

    private func page(
        _ number: UInt64, _ states: ArraySlice<AccountState>, isLast: Bool = false
    ) -> AccountPage {
        AccountPage(number: number, isLast: isLast, states: Array(states))
    }

    private func letter(_ body: EventBody, of domain: String = "v") -> FeedLetter {
        FeedLetter(
            domain: DomainID(domain), receivedAt: Instant(nanoseconds: 0), height: 0, body: body)
    }
}

@Suite struct VirtualTimetableTests {
    @Test func `what is due first comes first, and ties go by their order`() {
        let timetable = VirtualTimetable(startingAt: Instant(nanoseconds: 0))
        var order: [String] = []
        timetable.at(Instant(nanoseconds: 20)) { order.append("c") }
        timetable.at(Instant(nanoseconds: 10)) { order.append("a") }
        timetable.at(Instant(nanoseconds: 10)) { order.append("b") }
        while timetable.runNext(until: Instant(nanoseconds: 15)) {}
        #expect(order == ["a", "b"])
        #expect(timetable.now == Instant(nanoseconds: 10))
        while timetable.runNext(until: Instant(nanoseconds: 99)) {}
        #expect(order == ["a", "b", "c"])
    }

    @Test func `what was due in the past comes now`() {
        let timetable = VirtualTimetable(startingAt: Instant(nanoseconds: 50))
        var cameAt: Instant?
        timetable.at(Instant(nanoseconds: 10)) { cameAt = timetable.now }
        #expect(timetable.runNext(until: Instant(nanoseconds: 50)))
        #expect(cameAt == Instant(nanoseconds: 50))
    }
}
