import KeeperEngine
import KeeperModel
import KeeperTestKit
import Testing

@Suite struct NameOrderTests {
    /// Past the size at which names are found by halves, and back.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `it holds what a dictionary holds, in order`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ordered = NameOrder<String, Int>()
        var known: [String: Int] = [:]
        for step in 0..<400 {
            let name = "n\(generator.number(in: 0...24))"
            switch generator.number(in: 0...3) {
            case 0:
                #expect(ordered.removeValue(forName: name) == known.removeValue(forKey: name))
            case 1:
                let isThere = ordered.change(name) { $0 += 1 } != nil
                #expect(isThere == (known[name] != nil))
                known[name]? += 1
            default: (ordered[name], known[name]) = (step, step)
            }
            #expect(ordered.names == known.keys.sorted())
            #expect(Array(ordered.values) == known.keys.sorted().map { known[$0] })
            #expect(ordered[name] == known[name])
            #expect(ordered.look(name, { $0 }) == known[name])
        }
        ordered.changeEach { name, value in value = name.count }
        #expect(ordered.names.allSatisfy { ordered[$0] == $0.count })
        #expect(NameOrder(known).names == ordered.names)
    }
}
