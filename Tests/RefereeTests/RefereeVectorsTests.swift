import KeeperCodec
import Referee
import Testing

/// The referee against the file of known answers, on its own: none of the keeper's rules is linked
/// here.
@Suite struct RefereeVectorsTests {
    /// A section, how many of its vectors the referee answers, and how.
    struct Section: Sendable, CustomTestStringConvertible {
        let name: String
        let answered: Int
        /// Figures that the file has and the referee does not judge.
        var ignored: String?
        let answer: @Sendable (Figures) throws -> Answer?

        var testDescription: String { name }
    }

    static let sections = [
        Section(name: "aave_health_factor", answered: 6, answer: aaveHealthAnswer),
        Section(name: "aave_liquidation_call", answered: 6, answer: aaveCloseAnswer),
        Section(name: "settlement", answered: 23, ignored: ".hashes", answer: settlementAnswer),
        Section(name: "adl", answered: 9, answer: settlementAnswer),
        Section(name: "dynamic_margin", answered: 3, answer: settlementAnswer),
        Section(name: "fund", answered: 2, answer: settlementAnswer),
        Section(name: "venue_waterfall", answered: 4, answer: waterfallAnswer),
        Section(name: "compound3", answered: 9, answer: cometAnswer),
        Section(name: "morpho_blue", answered: 9, answer: morphoAnswer),
        Section(name: "euler_v2", answered: 4, answer: eulerAnswer),
        Section(name: "liquity", answered: 6, answer: liquityAnswer),
        Section(name: "maker", answered: 18, answer: makerAnswer),
    ]

    @Test(.enabled(if: Vectors.isThere, "no shared data"), arguments: sections)
    func `every known answer of the section is the referee's`(section: Section) throws {
        var answered = 0
        for vector in try Vectors.section(section.name) {
            guard let answer = try section.answer(vector.at("inputs")) else { continue }
            answered += 1
            let id = try vector.text("id")
            let (ours, theirs) = (answer.leaves(), try vector.at("expected").leaves)
            for path in Set(ours.keys).union(theirs.keys).sorted() {
                if let ignored = section.ignored, path.hasPrefix(ignored) { continue }
                #expect(ours[path] == theirs[path], "\(section.name) \(id)\(path)")
            }
        }
        #expect(answered == section.answered)
    }
}
