/// Which nonce the next intent of a chain gets. Each is given out once while its intent is open, so
/// that closes that go out together never collide.
struct NonceBook: Hashable, Sendable {
    private(set) var next: UInt64

    init(next: UInt64 = 0) {
        self.next = next
    }

    /// What the chain expects next. It is behind while calls of ours wait.
    mutating func report(_ nonce: UInt64) {
        next = max(next, nonce)
    }

    /// One that an open intent holds from now on, or since before a restart.
    mutating func keep(_ nonce: UInt64) {
        next = max(next, nonce + 1)
    }
}
