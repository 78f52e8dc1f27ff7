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
    package let windows: [Window]

    static let windowsMax = 1_000
}
