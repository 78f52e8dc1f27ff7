// The rooms of the house and what each may import: the table of ARCHITECTURE.md as data. A new
// target gets its row here in the same change.

package struct Room: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// No I/O, no clock, no randomness, no floating point.
        case pure
        case edge
        case assembly
        /// May import anything, with a name that says so.
        case tool
    }

    package let name: String
    package let kind: Kind
    /// Rooms below; what they may use may be used here as well.
    let uses: [String]
    /// C libraries and modules of the toolchain; these are not passed on.
    let modules: [String]

    init(_ name: String, _ kind: Kind, _ uses: [String] = [], modules: [String] = []) {
        self.name = name
        self.kind = kind
        self.uses = uses
        self.modules = modules
    }
}

package enum RoomTable {
    static let rooms: [Room] = pureRooms + edgeRooms + assemblyRooms

    private static let pureRooms = [
        Room("WideMath", .pure),
        Room("KeeperModel", .pure, ["WideMath"]),
        Room("KeeperCodec", .pure, ["KeeperModel"]),
        Room("LiquidationRules", .pure, ["KeeperCodec"]),
        Room("KeeperStrategy", .pure, ["LiquidationRules"]),
        Room("KeeperRisk", .pure, ["KeeperModel"]),
        Room("KeeperEngine", .pure, ["KeeperStrategy", "KeeperRisk"], modules: ["CKernels"]),
        Room("VenueSimulator", .pure, ["LiquidationRules"]),
        Room("Referee", .pure, ["KeeperModel"]),
        Room("KeeperCommands", .pure, ["KeeperCodec"]),
        Room("HouseRules", .pure, ["KeeperCodec"]),
    ]

    private static let edgeRooms = [
        Room("KeeperThreads", .edge, modules: ["Glibc"]),
        Room(
            "KeeperTransport", .edge, ["KeeperModel", "KeeperThreads"],
            modules: ["CCurl", "CLinux", "Glibc", "Synchronization"]),
        Room("KeeperWriteDoor", .edge, ["KeeperTransport", "KeeperRisk"], modules: ["CCurl"]),
        Room(
            "KeeperSigner", .edge, ["KeeperCodec"],
            modules: ["CBotan", "CSecp256k1", "CLinux", "Glibc"]),
        Room("KnownAnswers", .edge, ["LiquidationRules", "KeeperSigner"]),
        Room(
            "KeeperJournal", .edge, ["KeeperCodec", "KeeperThreads"],
            modules: ["CSQLite", "Glibc", "Synchronization"]),
        Room(
            "KeeperFeeds", .edge, ["KeeperCodec", "KeeperTransport"],
            modules: ["CZstd", "Glibc"]),
        Room(
            "VenueREST", .edge, ["KeeperCodec", "KeeperTransport", "LiquidationRules"],
            modules: ["Synchronization"]),
        Room("VenueEVM", .edge, ["KeeperCodec", "KeeperTransport", "LiquidationRules"]),
        Room(
            "VenueWriters", .edge, ["VenueREST", "VenueEVM", "KeeperWriteDoor", "KeeperSigner"]),
        // A black box knows the contract and nothing of either side, so not VenueREST either.
        Room(
            "VenueConformance", .edge, ["KeeperWriteDoor", "KeeperSigner", "LiquidationRules"]),
        Room("HTTPServing", .edge, ["KeeperModel"], modules: ["CMicroHTTPD", "CLinux", "Glibc"]),
        Room(
            "VenueServing", .edge,
            ["HTTPServing", "KeeperSigner", "KeeperTransport", "VenueSimulator"]),
    ]

    private static let system = ["CLinux", "FoundationEssentials", "Glibc", "Synchronization"]

    private static let assemblyRooms = [
        Room(
            "KeeperRuntime", .assembly,
            [
                "KeeperEngine", "VenueSimulator", "KeeperJournal", "KeeperFeeds", "VenueREST",
                "VenueEVM", "KeeperCommands",
            ], modules: system),
        Room(
            "KeeperLive", .assembly,
            ["KeeperRuntime", "KeeperConsole", "VenueConformance", "VenueWriters"],
            modules: system),
        Room(
            "KeeperBacktest", .assembly, ["KeeperRuntime"], modules: system + ["CZlib", "CZstd"]),
        // A simulation runs the real runtime with real books, so this room lies above both.
        Room("KeeperTestKit", .assembly, ["KeeperRuntime", "Referee"]),
        // Starts our programs as processes and looks at what they leave behind.
        Room(
            "RoadKit", .assembly, ["KeeperRuntime", "KeeperWriteDoor"],
            modules: ["Foundation", "Glibc"]),
        Room(
            "KeeperConsole", .assembly, ["KeeperRuntime", "HTTPServing"], modules: system),
        Room(
            "bailiff", .assembly, ["KeeperRuntime", "KeeperBacktest", "KeeperConsole"],
            modules: system),
        Room("bailiff-live", .assembly, ["KeeperLive"], modules: system),
        Room(
            "bailiff-venue", .assembly, ["VenueServing", "KeeperCommands"], modules: system),
        // Libraries and kernels that benches run beside ours.
        Room(
            "bailiff-dev", .tool, modules: ["CBotan", "CGMP", "CKernels", "Foundation"] + system),
        Room("bailiff-fuzz", .tool, modules: ["Foundation", "CFuzzer"] + system),
    ]

    package static func room(_ name: String) -> Room? {
        rooms.first { $0.name == name }
    }

    /// Everything that a room may name in an import.
    static func allowedImports(of room: Room) -> [String] {
        guard room.kind != .tool else { return room.modules + rooms.map(\.name) }
        return room.modules + below(room)
    }

    private static func below(_ room: Room) -> [String] {
        var found: [String] = []
        var open = room.uses
        while let name = open.popLast() {
            guard !found.contains(name) else { continue }
            found.append(name)
            open += RoomTable.room(name)?.uses ?? []
        }
        return found.sorted()
    }
}
