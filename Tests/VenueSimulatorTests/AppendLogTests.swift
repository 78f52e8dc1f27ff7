import Testing
import VenueSimulator

struct AppendLogTests {
    @Test(arguments: [0, 1, 255, 256, 257, 1_000])
    func `entries stand where an array would have them`(_ count: Int) {
        var log = AppendLog<Int>()
        for entry in 0..<count { log.append(entry) }
        #expect(Array(log) == Array(0..<count))
        #expect(log.count == count)
        #expect(log.last == (count == 0 ? nil : count - 1))
        #expect(
            Array(log.dropFirst(250).prefix(10)) == Array((0..<count).dropFirst(250).prefix(10)))
    }

    @Test func `a copy hears nothing of what is added to the other`() {
        var log = AppendLog<Int>()
        for entry in 0..<255 { log.append(entry) }
        var copy = log
        log.append(255)
        log.append(256)
        copy.append(-1)
        #expect(Array(log) == Array(0...256))
        #expect(Array(copy) == Array(0..<255) + [-1])
    }
}
