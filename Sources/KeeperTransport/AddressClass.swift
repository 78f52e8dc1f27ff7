// Which part of the world an address lies in. An endpoint says which part it may reach, and every
// socket is checked when it is opened: a name that suddenly points at the local network or at a
// cloud's metadata service never gets a connection.

import CCurl
import Glibc

package enum AddressClass: Hashable, Sendable {
    case loopback
    case privateNetwork
    case publicInternet
    /// Link-local, metadata services, multicast, unspecified: nobody has business there.
    case never

    package init(ipv4 octets: [UInt8]) {
        precondition(octets.count == 4, "An IPv4 address has four bytes")
        switch (octets[0], octets[1]) {
        case (127, _): self = .loopback
        case (10, _), (172, 16...31), (192, 168), (100, 64...127): self = .privateNetwork
        case (0, _), (169, 254), (224..., _): self = .never
        default: self = .publicInternet
        }
    }

    package init(ipv6 octets: [UInt8]) {
        precondition(octets.count == 16, "An IPv6 address has sixteen bytes")
        let head = octets[..<12]
        if head.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
            self.init(ipv4: Array(octets[12...]))
        } else if octets.dropLast().allSatisfy({ $0 == 0 }) {
            self = octets[15] == 1 ? .loopback : .never
        } else if octets == AddressClass.metadataIPv6 {
            self = .never
        } else {
            self = AddressClass.prefixClass(octets[0], octets[1])
        }
    }

    /// fd00:ec2::254, a metadata service inside the private range.
    private static let metadataIPv6: [UInt8] =
        [0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]

    private static func prefixClass(_ first: UInt8, _ second: UInt8) -> AddressClass {
        switch (first, second) {
        case (0xfc...0xfd, _): .privateNetwork
        case (0xfe, 0x80...0xbf), (0xff, _), (0, _): .never
        default: .publicInternet
        }
    }

    init(_ address: UnsafePointer<curl_sockaddr>) {
        let start = UnsafeRawPointer(address)
            .advanced(by: MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
        switch address.pointee.family {
        case AF_INET:
            var octets = start.loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(ipv4: withUnsafeBytes(of: &octets) { Array($0) })
        case AF_INET6:
            var octets = start.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(ipv6: withUnsafeBytes(of: &octets) { Array($0) })
        default:
            self = .never
        }
    }
}

/// Where an endpoint's name may resolve to.
package enum Reach: Hashable, Sendable {
    case loopback
    case privateNetwork
    case publicInternet
    /// All of the above; never a metadata or link-local address.
    case anywhere

    func allows(_ address: AddressClass) -> Bool {
        switch self {
        case .loopback: address == .loopback
        case .privateNetwork: address == .privateNetwork
        case .publicInternet: address == .publicInternet
        case .anywhere: address != .never
        }
    }
}
