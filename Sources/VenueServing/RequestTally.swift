// How often the venue was asked for what. A program that cannot send leaves every write at zero.

import HTTPServing

package struct RequestTally: Hashable, Sendable {
    package private(set) var reads: UInt64 = 0
    package private(set) var closes: UInt64 = 0
    package private(set) var voids: UInt64 = 0
    package private(set) var transfers: UInt64 = 0
    package private(set) var testSwitches: UInt64 = 0
    /// Methods that change something, at anything else, answered or not.
    package private(set) var otherWrites: UInt64 = 0

    /// Everything that tried to change the venue's book, signed or not.
    package var writes: UInt64 { closes + voids + transfers + otherWrites }

    mutating func note(_ method: HTTPMethod, _ route: VenueRoute?) {
        guard ![.get, .head, .options, .trace].contains(method) else {
            reads += 1
            return
        }
        switch (method, route) {
        case (.put, .close): closes += 1
        case (.put, .transfer): transfers += 1
        case (.put, .void), (.put, .voidTransfer): voids += 1
        case (.put, .testFaults): testSwitches += 1
        default: otherWrites += 1
        }
    }
}
