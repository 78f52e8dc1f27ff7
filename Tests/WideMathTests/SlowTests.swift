import Testing

extension Tag {
    /// Runs only where BAILIFF_SLOW is set: minutes instead of seconds.
    @Tag static var slow: Self
}
