import Glibc
import KeeperModel
import KeeperTransport
import Testing

@Suite struct SideThreadTests {
    @Test func `a timer does not wait for long work beside the loop`() {
        let reactor = Reactor()
        var order: [String] = []
        let start = MonotonicTime.now()
        reactor.aside {
            usleep(400_000)
            return 7
        } _: { (value: Int) in
            order.append("work \(value)")
        }
        reactor.after(.milliseconds(20)) { order.append("timer") }
        reactor.run(until: { order.count == 1 })
        #expect(order == ["timer"])
        #expect(MonotonicTime.now() - start < .milliseconds(350))
        reactor.run(until: { order.count == 2 })
        #expect(order == ["timer", "work 7"])
    }

    @Test func `what comes of work is handed over in order, on the loop's own thread`() {
        let reactor = Reactor()
        let own = pthread_self()
        var values: [Int] = []
        for number in 0..<50 {
            reactor.aside {
                number * number
            } _: { (value: Int) in
                #expect(pthread_equal(own, pthread_self()) != 0)
                values.append(value)
            }
        }
        #expect(values.isEmpty, "nothing is called back from inside the call")
        reactor.run(until: { values.count == 50 })
        #expect(values == (0..<50).map { $0 * $0 })
    }

    @Test func `a reactor dropped in the middle of work waits for its thread and lets go`() {
        weak var dropped: Reactor?
        var isCalled = false
        do {
            let reactor = Reactor()
            dropped = reactor
            reactor.aside {
                usleep(50_000)
                return 1
            } _: { (_: Int) in
                isCalled = true
            }
        }
        #expect(dropped == nil)
        #expect(!isCalled)
    }
}
