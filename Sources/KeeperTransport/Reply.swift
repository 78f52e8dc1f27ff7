// What came back, whole and within its bounds. Whether it means anything is for the reader of that
// venue to say.

package import KeeperModel

package struct Reply: Hashable, Sendable {
    package let status: Int
    /// In the order of arrival, names in lower case.
    package let headers: [HeaderField]
    package let body: [UInt8]
    package let times: ReplyTimes

    /// The value of the first header with this name.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name == wanted }?.value
    }
}

package struct ReplyTimes: Hashable, Sendable {
    package let startedAt: Instant
    package let firstByteAt: Instant
    package let finishedAt: Instant
    /// In real time, whatever the clock of the house.
    package let roundTrip: TimeSpan
}
