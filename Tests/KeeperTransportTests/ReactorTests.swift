import Foundation
import Glibc
import KeeperModel
import KeeperTransport
import Synchronization
import Testing

@Suite struct ReactorTests {
    @Test func `timers fire in order of time, then of setting`() {
        let reactor = Reactor()
        var fired: [String] = []
        let note = { (name: String) in { fired.append(name) } }
        reactor.after(.milliseconds(20), note("late"))
        reactor.after(.zero, note("a"))
        reactor.after(.zero, note("b"))
        let never = reactor.after(.milliseconds(1), note("never"))
        reactor.after(.milliseconds(5), note("soon"))
        reactor.cancel(never)
        reactor.run(until: { fired.count == 4 })
        #expect(fired == ["a", "b", "soon", "late"])
    }

    @Test func `a timer never fires early`() {
        let reactor = Reactor()
        for microseconds in [1, 300, 999, 1_001, 2_500] as [Int64] {
            let span = TimeSpan(nanoseconds: microseconds * 1_000)
            let start = MonotonicTime.now()
            reactor.after(span) { reactor.stop() }
            reactor.run()
            #expect(.now() - start >= span)
        }
    }

    @Test func `a timer set by a timer waits for the next round`() {
        let reactor = Reactor()
        var depth = 0
        func again() {
            depth += 1
            reactor.after(.zero, again)
        }
        reactor.after(.zero, again)
        reactor.runOnce()
        #expect(depth == 1)
    }

    @Test func `nothing is called back from inside start or cancel`() throws {
        let reactor = Reactor()
        let request = try ReadRequest(try loopback("http://127.0.0.1:1"), path: "/")
        var error: TransportError?
        let id = reactor.start(request) { error = $0.error }
        reactor.cancel(id)
        reactor.cancel(id)
        #expect(error == nil)
        reactor.runOnce()
        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == false)
        #expect(reactor.requestsOpen == 0)
    }

    @Test func `more than the bound waits in line, more than the line is refused`() throws {
        let server = try ScriptedServer { connection, _ in
            while !connection.readHead().isEmpty { connection.reply("") }
        }
        let endpoint = try loopback(server.url) {
            $0.limits.inFlightMax = 2
            $0.limits.waitingMax = 3
        }
        let reactor = Reactor()
        var outcomes: [TransportError.Kind?] = []
        for _ in 1...7 {
            reactor.start(try ReadRequest(endpoint, path: "/")) { outcomes.append($0.error?.kind) }
        }
        #expect(reactor.health(of: endpoint).inFlight == 2)
        #expect(reactor.health(of: endpoint).waiting == 3)
        reactor.run(until: { outcomes.count == 7 })
        #expect(outcomes.filter { $0 == .lineFull }.count == 2)
        #expect(outcomes.filter { $0 == nil }.count == 5)
        #expect(server.connectionCount == 2)
        let health = reactor.health(of: endpoint)
        #expect(health.replies == 5)
        #expect(health.failures == 0)
        #expect(health.inFlight == 0)
    }

    /// Of many markets each has its long poll: a close must not wait for one of them to end.
    @Test func `long polls take no place of what is to be done now`() throws {
        let server = try ScriptedServer { connection, _ in
            while true {
                let head = connection.readHead()
                guard !head.isEmpty else { return }
                guard !head.contains("/poll") else { return connection.waitForEnd() }
                connection.reply("")
            }
        }
        let endpoint = try loopback(server.url) {
            $0.limits.inFlightMax = 1
            $0.limits.longPollsMax = 3
        }
        let reactor = Reactor()
        for _ in 1...4 {
            let poll = try ReadRequest(
                endpoint, path: "/poll", limits: limits { $0.lowSpeed = nil })
            reactor.start(poll) { _ in }
        }
        // libcurl writes in the order in which it is told, and a close is still to come.
        #expect(reactor.health(of: endpoint).polling == 0)
        #expect(reactor.health(of: endpoint).waiting == 4)
        var isDone = false
        reactor.start(try ReadRequest(endpoint, path: "/now")) { isDone = $0.error == nil }
        #expect(reactor.health(of: endpoint).inFlight == 1)
        reactor.runOnce(waitingAtMost: .milliseconds(20))
        #expect(reactor.health(of: endpoint).polling == 3)
        #expect(reactor.health(of: endpoint).waiting == 1)
        let end = MonotonicTime.now() + .seconds(3)
        reactor.run(until: { isDone || MonotonicTime.now() > end })
        #expect(isDone)
        reactor.cancelAllRequests()
        reactor.runOnce()
        #expect(reactor.health(of: endpoint).polling == 0)
    }

    @Test func `waiting in line counts against the deadline`() throws {
        let server = try ScriptedServer { connection, _ in
            connection.readHead()
            connection.waitForEnd()
        }
        let endpoint = try loopback(server.url) { $0.limits.inFlightMax = 1 }
        let reactor = Reactor()
        var errors: [TransportError?] = []
        for timeout in [400, 100] {
            let request = try ReadRequest(
                endpoint, path: "/", limits: limits { $0.timeoutMilliseconds = timeout })
            reactor.start(request) { errors.append($0.error) }
        }
        reactor.run(until: { errors.count == 2 })
        #expect(errors.map { $0?.kind } == [.timedOut, .timedOut])
        #expect(errors.map { $0?.mayHaveBeenSent } == [false, true])
        #expect(reactor.health(of: endpoint).failuresInARow == 2)
    }

    @Test func `leaving ends every request`() throws {
        let server = try ScriptedServer { connection, _ in connection.waitForEnd() }
        let endpoint = try loopback(server.url) { $0.limits.inFlightMax = 2 }
        let reactor = Reactor()
        var kinds: [TransportError.Kind?] = []
        for _ in 1...4 {
            reactor.start(try ReadRequest(endpoint, path: "/")) { kinds.append($0.error?.kind) }
        }
        reactor.runOnce(waitingAtMost: .milliseconds(20))
        reactor.cancelAllRequests()
        reactor.runOnce()
        #expect(kinds == [.cancelled, .cancelled, .cancelled, .cancelled])
    }

    @Test func `a reactor dropped in the middle of a request lets go of it`() throws {
        let server = try ScriptedServer { connection, _ in connection.waitForEnd() }
        weak var dropped: Reactor?
        do {
            let reactor = Reactor()
            dropped = reactor
            reactor.start(try ReadRequest(try loopback(server.url), path: "/")) { _ in }
            reactor.runOnce(waitingAtMost: .milliseconds(20))
        }
        #expect(dropped == nil)
    }

    @Test func `a message from another thread ends the wait`() {
        let reactor = Reactor()
        let mailbox = Mailbox<Int>(messagesMax: 2, wakeup: reactor.wakeup)
        Thread { #expect(mailbox.post(1)) }.start()
        var taken: [Int] = []
        reactor.run(until: {
            taken += mailbox.takeAll()
            return !taken.isEmpty
        })
        #expect(taken == [1])
    }

    @Test func `a full mailbox says so and keeps its order`() {
        let mailbox = Mailbox<Int>(messagesMax: 2, wakeup: Wakeup())
        #expect([1, 2, 3].map(mailbox.post) == [true, true, false])
        #expect(mailbox.takeAll() == [1, 2])
        #expect(mailbox.post(4))
    }

    @Test func `a signal arrives in the loop`() {
        let reactor = Reactor()
        var seen: [Int32] = []
        reactor.onSignals([SIGUSR1, SIGUSR2]) { seen.append($0) }
        pthread_kill(pthread_self(), SIGUSR2)
        reactor.run(until: { !seen.isEmpty })
        #expect(seen == [SIGUSR2])
    }

    @Test func `a watched descriptor reports data, then the end, and can be let go`() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let reactor = Reactor()
        var seen: [Readiness] = []
        let watch = reactor.watch(ends[0], .readable) { seen.append($0) }
        write(ends[1], "x", 1)
        reactor.runOnce()
        #expect(seen.last == Readiness(isReadable: true, isWritable: false, isEnded: false))
        var byte: UInt8 = 0
        read(ends[0], &byte, 1)
        close(ends[1])
        reactor.runOnce()
        #expect(seen.last?.isEnded == true)
        reactor.unwatch(watch)
        let count = seen.count
        reactor.runOnce(waitingAtMost: .milliseconds(1))
        #expect(seen.count == count)
        close(ends[0])
    }
}

@Suite struct WallClockTests {
    private final class HandClock: WallClock {
        var time = Instant(milliseconds: 1_000)
        func now() -> Instant { time }
    }

    @Test func `the system clock agrees with the machine and never goes back`() {
        let clock = SystemClock()
        let first = clock.now()
        #expect(clock.now() >= first)
        #expect(abs(clock.drift().milliseconds) < 1_000)
    }

    @Test func `a scaled clock runs from its origin at its factor`() {
        let real = HandClock()
        let origin = Instant(milliseconds: 50_000)
        let clock = ScaledClock(origin: origin, factor: 60, startedAt: real.time, real: real)
        #expect(clock.now() == origin)
        real.time = real.time + .seconds(2)
        #expect(clock.now() == origin + .seconds(120))
        #expect(clock.realSpan(of: .seconds(120)) == .seconds(2))
        #expect(clock.realSpan(of: TimeSpan(nanoseconds: 61)) == TimeSpan(nanoseconds: 2))
    }
}
