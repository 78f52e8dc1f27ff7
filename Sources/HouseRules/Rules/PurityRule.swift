/// A pure room decides by its arguments alone: no clock, no chance, no threads, no rounding by
/// hardware.
struct PurityRule: FileRule {
    func complaints(about file: SourceFile) -> [Complaint] {
        guard file.isPure else { return [] }
        return eachToken(of: file) { index, token in
            clock(file, index, token) ?? randomness(file, index, token)
                ?? concurrency(file, index, token) ?? floatingPoint(file, index, token)
        }
    }

    private func clock(_ file: SourceFile, _ index: Int, _ token: Token) -> Complaint? {
        let isType = token.isWord("ContinuousClock", "SuspendingClock", "Date", "DispatchTime")
        let isCall =
            token.isWord("clock_gettime", "gettimeofday", "time", "clinux_monotonic_nanoseconds")
            && file.token(index + 1)?.isSymbol("(") == true
        guard isType || isCall, file.isFree(index) else { return nil }
        return file.complaint(
            .clock, line: token.line, "\(token.text) reads a clock in a pure room",
            "take the Instant from the event")
    }

    private func randomness(_ file: SourceFile, _ index: Int, _ token: Token) -> Complaint? {
        let advice = "pass a seeded generator in and say using:"
        if token.isWord("SystemRandomNumberGenerator") {
            return file.complaint(
                .randomness, line: token.line, "a generator without a seed in a pure room", advice)
        }
        guard token.isWord("random", "randomElement", "shuffled", "shuffle"),
            file.token(index - 1)?.isSymbol(".") == true,
            file.token(index + 1)?.isSymbol("(") == true
        else { return nil }
        let arguments = file.tokens[index...file.closing(index + 1)]
        guard !arguments.contains(where: { $0.isWord("using") }) else { return nil }
        return file.complaint(
            .randomness, line: token.line, "\(token.text)() draws from the system's generator",
            advice)
    }

    private func concurrency(_ file: SourceFile, _ index: Int, _ token: Token) -> Complaint? {
        guard token.isWord("Task", "Thread", "DispatchQueue", "async", "await", "pthread_create"),
            file.isFree(index)
        else { return nil }
        return file.complaint(
            .concurrency, line: token.line, "\(token.text) in a pure room",
            "return an effect and let the runtime do it on its one thread")
    }

    private func floatingPoint(_ file: SourceFile, _ index: Int, _ token: Token) -> Complaint? {
        let isType = token.isWord("Double", "Float", "CGFloat", "Float16", "Float80")
        let isLiteral = token.kind == .number && token.text.contains(".")
        guard isType || isLiteral else { return nil }
        return file.complaint(
            .floatingPoint, line: token.line, "\(token.text) in a pure room",
            "use integers or WideMath and name the rounding")
    }
}
