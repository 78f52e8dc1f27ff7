// swift-tools-version: 6.2
// The house plan: one target, one room. ARCHITECTURE.md says what lives in each, and
// `bailiff-dev tidy` keeps the arrows pointing down.
import PackageDescription

/// What every Swift target is compiled with: a warning is an error, and an import says how far it
/// reaches.
let houseSettings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A pure room: no I/O, no clock, no randomness, and no unsafe memory unless it is marked.
let pureSettings = houseSettings + [.strictMemorySafety()]

/// Where `make fuzz` found libFuzzer; nil in every other build, which has nothing of it.
let libFuzzer = Context.environment["BAILIFF_FUZZ"]

/// Rooms that read bytes from outside, counted branch by branch when they are fuzzed.
let fuzzedRooms = [
    "KeeperModel", "KeeperCodec", "LiquidationRules", "KeeperStrategy", "VenueSimulator",
    "KeeperFeeds", "VenueREST", "KeeperRuntime", "KeeperBacktest",
]
// tidy:allow(unchecked) only in the build of `make fuzz`, which is never shipped
let countedBranches: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-O"])]

func room(
    _ name: String, _ dependencies: [Target.Dependency] = [],
    settings: [SwiftSetting] = houseSettings
) -> Target {
    let isFuzzed = libFuzzer != nil && fuzzedRooms.contains(name)
    return .target(
        name: name, dependencies: dependencies,
        swiftSettings: settings + (isFuzzed ? countedBranches : []))
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: houseSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: houseSettings)
}

/// An oracle that only tests link: a second, independent answer to the same question.
func oracle(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(
        name: name, path: "Tests/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
    name: "bailiff",
    targets: [
        // C libraries from the system, and the few calls Swift cannot make without a shim.
        library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        library("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("CSecp256k1", pkgConfig: "libsecp256k1", apt: "libsecp256k1-dev"),
        library("CBotan", pkgConfig: "botan-2", apt: "libbotan-2-dev"),
        library("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        .systemLibrary(name: "CLinux"),

        // Our own C: what a vector unit does to a million accounts.
        .target(name: "CKernels"),

        // Pure rooms, lowest first.
        room("WideMath", settings: pureSettings),
        room("KeeperModel", ["WideMath"], settings: pureSettings),
        room("KeeperCodec", ["KeeperModel", "WideMath"], settings: pureSettings),
        room(
            "LiquidationRules", ["KeeperCodec", "KeeperModel", "WideMath"], settings: pureSettings),
        room(
            "KeeperStrategy", ["KeeperCodec", "KeeperModel", "LiquidationRules", "WideMath"],
            settings: pureSettings),
        room("KeeperRisk", ["KeeperModel", "WideMath"], settings: pureSettings),
        room(
            "KeeperEngine",
            [
                "CKernels", "KeeperCodec", "KeeperModel", "KeeperRisk", "KeeperStrategy",
                "LiquidationRules", "WideMath",
            ],
            settings: pureSettings),
        room(
            "VenueSimulator", ["KeeperCodec", "KeeperModel", "LiquidationRules", "WideMath"],
            settings: pureSettings),

        room("Referee", ["KeeperModel", "WideMath"], settings: pureSettings),

        // Edge rooms: I/O.
        room("KeeperThreads"),
        room("KeeperTransport", ["CCurl", "CLinux", "KeeperModel", "KeeperThreads"]),
        room("KeeperWriteDoor", ["CCurl", "KeeperTransport"]),
        room(
            "KeeperSigner",
            ["CBotan", "CSecp256k1", "KeeperCodec", "KeeperModel", "WideMath"]),
        room(
            "KeeperJournal",
            ["CSQLite", "KeeperCodec", "KeeperModel", "KeeperThreads", "WideMath"]),
        room(
            "KeeperFeeds",
            ["CZstd", "KeeperCodec", "KeeperModel", "KeeperTransport", "WideMath"]),
        room("VenueREST", ["KeeperCodec", "KeeperModel", "KeeperTransport"]),
        room(
            "VenueWriters",
            [
                "KeeperCodec", "KeeperModel", "KeeperRisk", "KeeperSigner", "KeeperTransport",
                "KeeperWriteDoor", "LiquidationRules", "VenueREST",
            ]),
        room(
            "VenueConformance",
            [
                "KeeperCodec", "KeeperModel", "KeeperSigner", "KeeperTransport", "KeeperWriteDoor",
                "LiquidationRules", "WideMath",
            ]),
        room("HTTPServing", ["CMicroHTTPD", "CLinux"]),
        room(
            "VenueServing",
            [
                "HTTPServing", "KeeperCodec", "KeeperModel", "KeeperSigner", "KeeperTransport",
                "LiquidationRules", "VenueSimulator", "WideMath",
            ]),

        // Assembly.
        room("KeeperCommands", ["KeeperCodec"]),
        room(
            "KeeperRuntime",
            [
                "KeeperCodec", "KeeperCommands", "KeeperEngine", "KeeperFeeds", "KeeperJournal",
                "KeeperModel", "KeeperRisk", "KeeperStrategy", "KeeperTransport",
                "LiquidationRules", "VenueREST", "VenueSimulator", "WideMath",
            ]),
        room(
            "KeeperBacktest",
            [
                "CZlib", "CZstd", "KeeperCodec", "KeeperCommands", "KeeperEngine", "KeeperFeeds",
                "KeeperJournal", "KeeperModel", "KeeperRisk", "KeeperRuntime", "KeeperStrategy",
                "VenueSimulator", "WideMath",
            ]),
        room(
            "KeeperConsole",
            [
                "CLinux", "KeeperCodec", "KeeperCommands", "KeeperEngine", "KeeperFeeds",
                "KeeperJournal",
                "KeeperModel", "KeeperRisk", "KeeperRuntime", "KeeperTransport",
                "LiquidationRules", "VenueREST", "WideMath",
            ]),
        room(
            "KeeperLive",
            [
                "KeeperCodec", "KeeperCommands", "KeeperConsole", "KeeperModel", "KeeperRisk",
                "KeeperRuntime", "KeeperSigner", "KeeperTransport", "VenueConformance",
                "VenueREST", "VenueWriters",
            ]),
        room("HouseRules", ["KeeperCodec"], settings: pureSettings),
        program(
            "bailiff",
            [
                "KeeperBacktest", "KeeperCodec", "KeeperCommands", "KeeperConsole", "KeeperEngine",
                "KeeperFeeds", "KeeperJournal", "KeeperModel", "KeeperRuntime", "KeeperStrategy",
                "KeeperTransport", "VenueSimulator", "WideMath",
            ]),
        program("bailiff-live", ["KeeperCommands", "KeeperLive", "KeeperRuntime"]),
        program(
            "bailiff-venue",
            [
                "HTTPServing", "KeeperCodec", "KeeperCommands", "KeeperModel", "KeeperSigner",
                "KeeperTransport", "VenueServing", "VenueSimulator",
            ]),
        program(
            "bailiff-dev",
            [
                "CBotan", "CGMP", "CKernels", "CLinux", "HouseRules", "KeeperCodec",
                "KeeperCommands", "KeeperEngine", "KeeperJournal", "KeeperModel", "KeeperRisk",
                "KeeperRuntime", "KeeperSigner", "KeeperStrategy", "KeeperTestKit",
                "KeeperTransport", "KnownAnswers", "LiquidationRules", "RoadKit",
                "VenueSimulator", "WideMath",
            ]),

        // For tests and bailiff-dev only.
        room(
            "KnownAnswers",
            ["KeeperCodec", "KeeperModel", "KeeperSigner", "LiquidationRules", "WideMath"]),
        room(
            "KeeperTestKit",
            [
                "KeeperCodec", "KeeperEngine", "KeeperJournal", "KeeperModel", "KeeperRisk",
                "KeeperRuntime", "KeeperStrategy", "LiquidationRules", "Referee",
                "VenueSimulator", "WideMath",
            ]),

        room(
            "RoadKit",
            [
                "KeeperCodec", "KeeperJournal", "KeeperModel", "KeeperRuntime", "KeeperTransport",
                "KeeperWriteDoor",
            ]),

        // Tests, one suite per room.
        oracle("CGMP", pkgConfig: "gmp", apt: "libgmp-dev"),
        tests("WideMathTests", ["KeeperModel", "KeeperTestKit", "WideMath", "CGMP"]),
        tests(
            "LiquidationRulesTests",
            ["KeeperCodec", "KeeperModel", "KeeperTestKit", "LiquidationRules", "WideMath"]),
        tests(
            "KnownAnswersTests",
            ["KeeperCodec", "KeeperModel", "KnownAnswers", "LiquidationRules", "WideMath"]),
        tests(
            "RefereeTests",
            ["KeeperCodec", "KeeperModel", "KeeperTestKit", "Referee", "WideMath"]),
        tests("KeeperModelTests", ["KeeperModel", "WideMath"]),
        tests("KeeperRiskTests", ["KeeperModel", "KeeperRisk", "WideMath"]),
        tests("KeeperCommandsTests", ["KeeperCommands"]),
        tests(
            "VenueSimulatorTests",
            [
                "CKernels", "KeeperCodec", "KeeperModel", "KeeperTestKit", "LiquidationRules",
                "VenueSimulator", "WideMath",
            ]),
        tests(
            "KeeperEngineTests",
            [
                "CKernels", "KeeperEngine", "KeeperJournal", "KeeperModel", "KeeperRisk",
                "KeeperStrategy", "KeeperTestKit",
                "LiquidationRules", "WideMath",
            ]),
        tests(
            "KeeperStrategyTests",
            ["KeeperModel", "KeeperStrategy", "KeeperTestKit", "LiquidationRules", "WideMath"]),
        tests(
            "KeeperRuntimeTests",
            [
                "KeeperCodec", "KeeperEngine", "KeeperFeeds", "KeeperJournal", "KeeperModel",
                "KeeperRisk", "KeeperRuntime", "KeeperStrategy", "KeeperTestKit",
                "LiquidationRules", "WideMath",
            ]),
        tests(
            "KeeperConsoleTests",
            [
                "CLinux", "KeeperCodec", "KeeperCommands", "KeeperConsole", "KeeperModel",
                "KeeperRuntime", "KeeperTransport",
            ]),
        tests("KeeperCodecTests", ["KeeperCodec", "KeeperModel", "WideMath"]),
        tests(
            "KeeperJournalTests",
            ["CSQLite", "KeeperCodec", "KeeperJournal", "KeeperModel", "WideMath"]),
        tests(
            "DiskTests",
            ["CSQLite", "KeeperJournal", "KeeperModel", "KeeperRisk", "KeeperRuntime", "WideMath"]),
        tests(
            "KeeperFeedsTests",
            [
                "CZstd", "HTTPServing", "KeeperCodec", "KeeperFeeds", "KeeperModel",
                "KeeperTestKit", "KeeperTransport", "WideMath",
            ]),
        tests(
            "KeeperBacktestTests",
            [
                "CZlib", "CZstd", "KeeperBacktest", "KeeperCodec", "KeeperFeeds", "KeeperJournal",
                "KeeperModel", "KeeperRuntime", "VenueSimulator", "WideMath",
            ]),
        tests("KeeperThreadsTests", ["KeeperThreads"]),
        tests("KeeperTransportTests", ["KeeperTransport", "KeeperModel"]),
        tests(
            "KeeperSignerTests", ["KeeperCodec", "KeeperModel", "KeeperSigner", "WideMath"]),
        tests("HTTPServingTests", ["HTTPServing"]),
        tests(
            "VenueServingTests",
            [
                "HTTPServing", "KeeperCodec", "KeeperModel", "KeeperRisk", "KeeperSigner",
                "KeeperTransport",
                "KeeperWriteDoor", "LiquidationRules", "VenueREST", "VenueServing",
                "VenueSimulator", "VenueWriters", "WideMath",
            ]),
        tests(
            "VenueConformanceTests",
            [
                "HTTPServing", "KeeperCodec", "KeeperModel", "KeeperSigner", "KeeperTransport",
                "KeeperWriteDoor", "VenueConformance", "VenueServing", "VenueSimulator", "WideMath",
            ]),
        tests(
            "VenueRESTTests",
            ["HTTPServing", "KeeperCodec", "KeeperModel", "KeeperTransport", "VenueREST"]),
        tests(
            "VenueWritersTests",
            [
                "KeeperCodec", "KeeperModel", "KeeperSigner", "LiquidationRules", "VenueWriters",
                "WideMath",
            ]),
        tests(
            "KeeperWriteDoorTests",
            ["KeeperWriteDoor", "KeeperTransport", "KeeperModel", "HTTPServing"]),
        tests("HouseRulesTests", ["HouseRules"]),
        tests(
            "RealDataTests",
            ["KeeperCodec", "KeeperModel", "KeeperSigner", "LiquidationRules", "WideMath"]),

        tests(
            "BacktestEvidenceTests",
            [
                "KeeperBacktest", "KeeperCodec", "KeeperCommands", "KeeperFeeds", "KeeperModel",
                "KeeperRuntime", "KeeperStrategy", "KeeperTestKit", "LiquidationRules",
                "VenueSimulator", "WideMath",
            ]),

        // The whole road, with the programs as processes: built beside the tests, never linked.
        tests(
            "RoadTests",
            [
                "HTTPServing", "KeeperCodec", "KeeperFeeds", "KeeperJournal", "KeeperModel",
                "KeeperRuntime", "KeeperTestKit", "KeeperTransport", "KeeperWriteDoor", "RoadKit",
                "VenueSimulator", "WideMath",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

if let libFuzzer {
    package.targets += [
        .systemLibrary(name: "CFuzzer"),
        .executableTarget(
            name: "bailiff-fuzz",
            dependencies: [
                "CFuzzer", "KeeperBacktest", "KeeperCodec", "KeeperFeeds", "KeeperModel",
                "KeeperRuntime", "KeeperStrategy", "LiquidationRules", "VenueREST",
                "VenueSimulator", "WideMath",
            ],
            swiftSettings: houseSettings + countedBranches,
            // tidy:allow(unchecked) only in the build of `make fuzz`, which is never shipped
            linkerSettings: [.unsafeFlags([libFuzzer])]),
    ]
}
