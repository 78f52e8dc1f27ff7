/// What is chosen about a run besides its seed.
package struct SimulationOptions: Sendable {
    package var tellsStory = false
    /// Of what the seed has, this is left out.
    package var without: Set<Trouble> = []
    package var heights: UInt64 = Self.heightsUsual
    /// Every life again from its events, at its end.
    package var isReplayed = false

    /// No domain stalls, though all else is as if one did: to be compared with.
    var isUnstalled = false

    /// A month at a venue of its own instead of what the seed has.
    var month: MonthPlan?

    package static let heightsUsual: UInt64 = 80

    package init() {}
}
