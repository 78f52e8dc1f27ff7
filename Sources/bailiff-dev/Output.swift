import Foundation

/// Standard error, where everything goes that is not a result.
func printError(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}

/// A result that somebody waits for: not kept until there is more of it.
func printNow(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}
