import CLinux
import Glibc
import KeeperCodec
import KeeperCommands
package import KeeperRuntime

/// Whoever is at the other end of a connection, as the kernel says.
package struct ControlPeer: Hashable, Sendable {
    package let user: UInt32
    package let groups: [UInt32]
    package let process: Int32

    package init(user: UInt32, groups: [UInt32], process: Int32) {
        self.user = user
        self.groups = groups
        self.process = process
    }

    /// Nil where the kernel does not say, which is for no local socket.
    init?(of descriptor: Int32) {
        var peer = clinux_peer()
        guard clinux_peer_of(descriptor, &peer) == 0 else { return nil }
        var others = [UInt32](repeating: 0, count: 256)
        let count = clinux_peer_groups(descriptor, &others, others.count)
        self.init(
            user: peer.user, groups: [peer.group] + others.prefix(max(0, Int(count))),
            process: peer.process)
    }
}

/// Which role somebody has.
package struct ControlAccess: Sendable {
    private let owner: UInt32
    private let grants: [(grant: ControlGrant, token: [UInt8]?)]

    /// Token files are read here, once. One that cannot be read, or that says too little to be a
    /// secret, is a problem of the configuration.
    package init(_ config: ControlConfig, owner: UInt32 = geteuid()) throws(StartProblem) {
        self.owner = owner
        var grants: [(ControlGrant, [UInt8]?)] = []
        for grant in config.grants {
            let token = try grant.tokenFile.map { (path) throws(StartProblem) in
                try Self.token(in: path, of: grant.role)
            }
            grants.append((grant, token))
        }
        self.grants = grants
    }

    /// The owner of the process, and root, could take any role by other means; so they have it.
    package func role(of peer: ControlPeer, token: String?) -> ControlRole? {
        if peer.user == owner || peer.user == 0 { return .treasurer }
        let shown = token.map { SHA256.hash(Array($0.utf8)) }
        return grants.filter { entry in
            entry.grant.users.contains(peer.user)
                || entry.grant.groups.contains(where: peer.groups.contains)
                // Hashes are compared, so that the time it takes says nothing about the token.
                || (shown != nil && shown == entry.token)
        }.map(\.grant.role).max()
    }

    /// The role in which the request may be carried out.
    package func admit(
        _ peer: ControlPeer, saying request: ControlRequest
    ) throws(ControlProblem) -> ControlRole {
        guard let role = role(of: peer, token: request.token) else {
            throw ControlProblem(
                .permission,
                "user \(peer.user) has no role here; 'control' in the configuration gives them")
        }
        let verb = request.verb
        guard role >= verb.role else {
            throw ControlProblem(
                .permission,
                "'\(verb.rawValue)' needs the role \(verb.role.rawValue); user \(peer.user) is "
                    + "\(role.rawValue)")
        }
        return role
    }

    private static func token(
        in path: String, of role: ControlRole
    ) throws(StartProblem) -> [UInt8] {
        let name = "control.\(role.rawValue)s.tokenFile"
        guard let bytes = SmallFile.contents(of: path) else {
            throw StartProblem(.permission, "\(name): \(path) cannot be read")
        }
        guard SmallFile.isPrivate(path) else {
            throw StartProblem(
                .permission, "\(name): \(path) can be read by others; chmod 600 \(path)")
        }
        let token = bytes.filter { !UInt8.isWhite($0) }
        guard token.count >= 32 else {
            throw StartProblem(
                .configuration, "\(name): \(path) holds \(token.count) characters; 32 or more")
        }
        return SHA256.hash(token)
    }
}

extension UInt8 {
    fileprivate static func isWhite(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") }
}
