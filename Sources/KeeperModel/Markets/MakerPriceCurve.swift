package import WideMath

/// How the price of an auction falls with time. Factors are rays.
package enum MakerPriceCurve: Hashable, Sendable {
    /// To nothing within `tau` seconds.
    case linear(tauSeconds: UInt64)
    /// By a factor at every step.
    case stairstep(cutRay: UInt256, stepSeconds: UInt64)
    /// By a factor at every second.
    case exponential(cutRay: UInt256)
}
