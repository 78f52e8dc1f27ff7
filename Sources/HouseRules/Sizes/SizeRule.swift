/// Functions, files and lines that are longer than the house allows.
struct SizeRule {
    func excesses(in file: SourceFile) -> [Excess] {
        longFunctions(file) + [longFile(file), longLines(file)].compactMap { $0 }
    }

    private func longFunctions(_ file: SourceFile) -> [Excess] {
        FunctionMeasure(file).functions()
            .filter { $0.lineCount > SizeLimits.functionLines }
            .map {
                Excess(
                    rule: .functionLength, file: file.path, name: $0.name, line: $0.line,
                    figure: $0.lineCount, limit: SizeLimits.functionLines)
            }
    }

    private func longFile(_ file: SourceFile) -> Excess? {
        let limit = file.isTest ? SizeLimits.testLines : SizeLimits.sourceLines
        // A text that ends in a newline has one piece more than lines.
        let count = file.lines.last?.isEmpty == true ? file.lines.count - 1 : file.lines.count
        guard count > limit else { return nil }
        return Excess(
            rule: .fileLength, file: file.path, name: "", line: 1, figure: count, limit: limit)
    }

    private func longLines(_ file: SourceFile) -> Excess? {
        let long = file.lines.indices.filter { file.lines[$0].count > SizeLimits.columns }
        guard let first = long.first else { return nil }
        return Excess(
            rule: .lineLength, file: file.path, name: "", line: first + 1, figure: long.count,
            limit: SizeLimits.columns)
    }
}
