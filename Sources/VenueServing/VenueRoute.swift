// What stands at a path, and which methods it takes.

import HTTPServing
import KeeperModel

enum VenueRoute: Hashable {
    case capabilities
    case time
    case markets
    case channel(VenueChannel)
    case balances
    case capacity
    case close(ClientID)
    case void(ClientID)
    case transfer(ClientID)
    case voidTransfer(ClientID)
    case settlements
    case fund
    case fundHistory
    case statement(day: String)
    case proof(MarketID, AccountID)
    case testFaults

    /// Routing is by decoded segments: an escaped slash stays inside its name.
    init(segments: [String]) throws(VenueProblem) {
        guard segments.first == "v1", let route = try Self.named(Array(segments.dropFirst())) else {
            throw VenueProblem(
                .noSuchPath, "/" + segments.joined(separator: "/").prefix(200) + " is not served")
        }
        self = route
    }

    private static func named(_ segments: [String]) throws(VenueProblem) -> VenueRoute? {
        switch (segments.first, segments.count) {
        case ("capabilities", 1): .capabilities
        case ("time", 1): .time
        case ("prices", 1): .channel(.prices)
        case ("figures", 1): .channel(.figures)
        case ("depth", 1): .channel(.depth)
        case ("flash-pools", 1): .channel(.flashPools)
        case ("switches", 1): .channel(.switches)
        case ("markets", 1): .markets
        case ("markets", 3) where segments[2] == "accounts":
            .channel(.accounts(try identifier(segments[1])))
        case ("markets", 4) where segments[2] == "proofs":
            .proof(try identifier(segments[1]), try identifier(segments[3]))
        case ("balances", 1): .balances
        case ("offers", 1): .channel(.offers)
        case ("capacity", 1): .capacity
        case ("closes", 1): .channel(.closes)
        case ("closes", 2): .close(try identifier(segments[1]))
        case ("closes", 3) where segments[2] == "void": .void(try identifier(segments[1]))
        case ("transfers", 2): .transfer(try identifier(segments[1]))
        case ("transfers", 3) where segments[2] == "void":
            .voidTransfer(try identifier(segments[1]))
        case ("settlements", 1): .settlements
        case ("fund", 1): .fund
        case ("fund", 2) where segments[1] == "history": .fundHistory
        case ("statements", 2): .statement(day: segments[1])
        case ("test", 2) where segments[1] == "faults": .testFaults
        default: nil
        }
    }

    private static func identifier<ID: TextIdentifier>(
        _ text: String
    ) throws(VenueProblem) -> ID {
        guard let id = ID(checking: text) else {
            throw VenueProblem(.malformed, "a name is 1 to 64 of A-Z a-z 0-9 . _ -")
        }
        return id
    }

    /// Whether a read of it says whose it is.
    var isSigned: Bool {
        switch self {
        case .balances, .capacity, .close, .void, .transfer, .voidTransfer, .statement: true
        case .capabilities, .time, .markets, .channel, .settlements, .fund, .fundHistory, .proof,
            .testFaults:
            false
        }
    }

    var methods: [HTTPMethod] {
        switch self {
        case .close, .transfer, .capacity: [.get, .put]
        case .void, .voidTransfer, .testFaults: [.put]
        default: [.get]
        }
    }
}

/// The streams, by the names that replies give them.
enum VenueChannel: Hashable {
    case prices
    case figures
    case depth
    case flashPools
    case switches
    case closes
    case offers
    case accounts(MarketID)

    var name: String {
        switch self {
        case .prices: "prices"
        case .figures: "figures"
        case .depth: "depth"
        case .flashPools: "flash-pools"
        case .switches: "switches"
        case .closes: "closes"
        case .offers: "offers"
        case .accounts: "accounts"
        }
    }
}
