/// Several windows of history, all at one stage and under one configuration, into one table.
package struct StudyPlan: Hashable, Sendable {
    package struct Import: Hashable, Sendable {
        package let kind: ImportKind
        /// Of an import of prices.
        package let wish: ImportWish
        package let files: [String]
    }

    package struct Window: Hashable, Sendable {
        package let name: String
        package let imports: [Import]
    }

    package let name: String
    /// The scenario, beside the study's file.
    package let stage: String
    package let rivals: RivalModel
    /// Order books that every window sells into, an import each; none for those of the stage.
    package let books: [Import]
    /// What every quantity of a book is multiplied with.
    package let depthScalePpm: UInt64
    package let windows: [Window]

    static let windowsMax = 1_000
}
