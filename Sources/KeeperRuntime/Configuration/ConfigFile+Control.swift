import KeeperCodec
import LiquidationRules

/// The parts of `config.json` that a running keeper's company needs, each optional.
extension ConfigFile {
    static func control(_ reader: JSONReader?) throws(JSONReadError) -> ControlConfig {
        guard let reader else { return .closed }
        var object = try reader.object()
        let socket = object.optional("socket")
        var grants: [ControlGrant] = []
        for role in ControlRole.allCases {
            guard let grant = object.optional(role.rawValue + "s") else { continue }
            grants.append(try self.grant(of: role, grant))
        }
        let config = ControlConfig(
            socket: try socket.map { (json) throws(JSONReadError) in try path(json) },
            grants: grants)
        try object.finish()
        return config
    }

    private static func grant(
        of role: ControlRole, _ reader: JSONReader
    ) throws(JSONReadError) -> ControlGrant {
        var object = try reader.object()
        let token = object.optional("tokenFile")
        let grant = ControlGrant(
            role: role, users: try numbers(object.optional("users")),
            groups: try numbers(object.optional("groups")),
            tokenFile: try token.map { (json) throws(JSONReadError) in try path(json) })
        try object.finish()
        return grant
    }

    private static func numbers(_ reader: JSONReader?) throws(JSONReadError) -> [UInt32] {
        guard let reader else { return [] }
        return try reader.array(countMax: 100) { number throws(JSONReadError) in
            let value = try number.integer(in: UInt32(0)...(.max - 1))
            // Whom a user namespace has no number for, and that is everybody.
            guard value != 65_534 else {
                throw number.refused("a user or group of its own; 65534 is whoever has none here")
            }
            return value
        }
    }

    static func checkpoints(_ reader: JSONReader?) throws(JSONReadError) -> CheckpointConfig {
        guard let reader else { return .usual }
        var object = try reader.object()
        let config = CheckpointConfig(
            everyEvents: try object.required("checkpointEveryEvents").integer(
                in: 0...10_000_000),
            accountsMax: try object.required("accountsMax").integer(in: 1...100_000))
        try object.finish()
        return config
    }

    static func history(_ reader: JSONReader?) throws(JSONReadError) -> HistoryConfig {
        guard let reader else { return .usual }
        var object = try reader.object()
        let config = HistoryConfig(
            eventsPerCheckpoint: try object.required("eventsPerCheckpoint").integer(
                in: 1...100_000),
            checkpointsMax: try object.required("checkpoints").integer(in: 0...1_000))
        try object.finish()
        return config
    }
}

extension ConfigFile {
    /// `{"armed": "5%", "insolvent": true}`
    static func lines(_ reader: JSONReader?) throws(JSONReadError) -> [AccountLine] {
        guard var object = try reader?.object() else { return [] }
        var lines: [AccountLine] = []
        if let armed = object.optional("armed") {
            guard let ppm = UInt32(exactly: try armed.sharePpm()), ppm > 0 else {
                throw armed.refused("a share above zero")
            }
            lines.append(.armed(marginPpm: ppm))
        }
        if let insolvent = object.optional("insolvent"), try insolvent.bool {
            lines.append(.insolvent)
        }
        try object.finish()
        return lines
    }
}
