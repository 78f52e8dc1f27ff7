import Foundation

/// Standard error, where everything goes that is not a result.
func printError(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}
