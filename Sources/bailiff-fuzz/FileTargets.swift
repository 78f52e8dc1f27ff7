import KeeperStrategy
import VenueSimulator

@testable import KeeperRuntime

/// Files that people write.
let strategyDecoder = FuzzMember("strategy-file", seeds: { $0.shipped("strategies") }) { bytes in
    _ = try StrategyFile.read(bytes, file: "fuzz")
}

let configDecoders: [FuzzMember] = [
    FuzzMember("scenario-file", seeds: { $0.shipped("scenarios") }) { bytes in
        _ = try ScenarioFile.read(bytes)
    },
    FuzzMember("config-file", seeds: { $0.shipped("config.json") }) { bytes in
        _ = try ConfigFile.read(bytes, file: "fuzz")
    },
    // Two lines, name and value of a variable; the shipped file is what they change.
    FuzzMember("config-override", seeds: { _ in overrides }) { bytes in
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
        guard lines.count == 2 else { return }
        let override = (
            name: ConfigOverride.prefix + String(decoding: lines[0], as: UTF8.self),
            value: String(decoding: lines[1], as: UTF8.self)
        )
        _ = try ConfigFile.read(SeedSource.config, file: "fuzz", overrides: [override])
    },
]

private let overrides = ["VENUE__URL\nhttp://127.0.0.1:1", "GUARDS\n{\"jump\":\"5%\"}"].map {
    Array($0.utf8)
}
