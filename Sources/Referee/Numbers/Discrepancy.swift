/// A figure that somebody published and that comes out otherwise here.
package struct Discrepancy: Hashable, Sendable, CustomStringConvertible {
    package let figure: String
    package let published: String
    package let recomputed: String

    package init(_ figure: String, published: String, recomputed: String) {
        self.figure = figure
        self.published = published
        self.recomputed = recomputed
    }

    /// Nil where both agree to the unit.
    package init?(_ figure: String, published: Rational, recomputed: Rational) {
        guard published != recomputed else { return nil }
        self.init(
            figure, published: published.description, recomputed: recomputed.description)
    }

    package var description: String {
        "\(figure) is \(published), the referee finds \(recomputed)"
    }
}
