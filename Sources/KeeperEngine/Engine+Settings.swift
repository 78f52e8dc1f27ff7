import KeeperRisk

extension Engine {
    /// From now on decides by these. What is open stays open, and what was counted stays counted;
    /// keys go on with the prefix that they began with. Lines and feeds are those of the start: who
    /// publishes them is not started anew.
    package mutating func adopt(_ new: EngineSettings) {
        settings = EngineSettings(
            limits: new.limits, strategies: new.strategies, guards: new.guards,
            avoided: new.avoided, lines: settings.lines,
            marketPriceNeeded: settings.marketPriceNeeded,
            marketPriceNeededIn: settings.marketPriceNeededIn, keyPrefix: settings.keyPrefix)
        risk.adopt(new.limits)
        domains.changeEach { _, domain in domain.adopt(new.guards) }
    }
}
