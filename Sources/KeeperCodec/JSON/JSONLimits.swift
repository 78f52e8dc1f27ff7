/// How much JSON is taken before the reader says no. Nothing from outside is read without these.
package struct JSONLimits: Sendable, Equatable {
    /// Longest text in bytes.
    package var byteCountMax: Int
    /// Deepest nesting of arrays and objects.
    package var depthMax: Int

    /// Bounds recursion in the parser and in the release of a parsed tree, whatever a caller asks.
    package static let depthCeiling = 512

    package init(byteCountMax: Int, depthMax: Int) {
        precondition(byteCountMax >= 0 && (0...Self.depthCeiling).contains(depthMax))
        self.byteCountMax = byteCountMax
        self.depthMax = depthMax
    }

    /// Room for the largest account snapshot of a venue, and four times the nesting that any has.
    package static let standard = JSONLimits(byteCountMax: 64 << 20, depthMax: 64)
    /// For files that a person writes.
    package static let configuration = JSONLimits(byteCountMax: 4 << 20, depthMax: 32)
}

/// Which JSON is meant.
package enum JSONDialect: Sendable, Equatable {
    /// RFC 8259 to the letter: what machines exchange.
    case strict
    /// Also `//` and `/* */` comments, trailing commas and a leading byte order mark: what people
    /// write into configuration files.
    case withComments
}
