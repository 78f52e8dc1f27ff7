/// Why a text is not the table that it should be, and in which line.
package struct CSVError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        case tooLarge(byteCountMax: Int)
        case tooManyColumns(countMax: Int)
        case malformedUTF8
        case noHeader
        case duplicateColumn(String)
        case missingColumn(String)
        case fieldCount(expected: Int, found: Int)
        /// A quote inside a field that did not begin with one, or text behind a closing one.
        case strayQuote
        case unterminatedQuote
        /// A carriage return that no newline follows.
        case strayCarriageReturn
        /// A field that is not the value that the caller came for.
        case notRepresentable(column: String, as: String)
    }

    package let problem: Problem
    /// From 1: the line in which the row begins.
    package let line: Int

    package init(_ problem: Problem, line: Int) {
        self.problem = problem
        self.line = line
    }

    package var description: String { "line \(line): \(problem)" }
}

extension CSVError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let byteCountMax): "longer than \(byteCountMax) bytes"
        case .tooManyColumns(let countMax): "more than \(countMax) columns"
        case .malformedUTF8: "malformed UTF-8"
        case .noHeader: "there is no line with the names of the columns"
        case .duplicateColumn(let name): "the column \"\(name)\" for the second time"
        case .missingColumn(let name): "there is no column \"\(name)\""
        case .fieldCount(let expected, let found): "expected \(expected) fields, found \(found)"
        case .strayQuote: "a quote where none belongs"
        case .unterminatedQuote: "a quoted field that does not end"
        case .strayCarriageReturn: "a carriage return without its newline"
        case .notRepresentable(let column, let type): "\(column): expected \(type)"
        }
    }
}
