import KeeperCommands

extension ParsedCommand {
    /// Nil where the option is not given.
    func number(_ name: String, _ range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "--\(name) is a number from \(range.lowerBound) to \(range.upperBound); found "
                    + "'\(text)'")
        }
        return number
    }
}
