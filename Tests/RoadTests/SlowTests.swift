import Foundation
import Testing

extension Tag {
    /// Runs only where BAILIFF_SLOW is set: more of the same, for when the road itself changes.
    @Tag static var slow: Self
}

let slowTestsAreOn = ProcessInfo.processInfo.environment["BAILIFF_SLOW"] != nil
