import KeeperModel
import KeeperStrategy
import Testing
import WideMath

@Suite struct StrategyFileTests {
    private let good = """
        // A comment, as people write them.
        {
          "strategy": "s", "version": 2, "summary": "x", "markets": ["lending"],
          "when": "health < 1 && netProfit >= 25 usd",
          "size": {"restoreHealth": 1.05}, "funding": "inventory",
          "exit": {"sellWithin": "50 bps"}, "validHeights": 5, "coolDown": "2 s",
          "bid": {"lane": "private", "offer": "10 %", "cap": "60 %", "raiseEvery": 2},
        }
        """

    @Test func `a strategy file is read as it is written`() throws {
        let strategy = try StrategyFile.read(Array(good.utf8), file: "s.json")
        #expect(strategy.name == StrategyName("s"))
        #expect(strategy.version == 2)
        #expect(strategy.sizing == .restoreHealth(targetPpm: 1_050_000))
        #expect(strategy.exit == .sell(tolerancePpm: 5_000))
        #expect(strategy.coolDown == .seconds(2))
        #expect(
            strategy.bid
                == BidRule(
                    laneClass: .confidential, offerPpm: 100_000, capPpm: 600_000,
                    raiseEveryHeights: 2))
        #expect(strategy.markets == [.lending])
    }

    @Test(arguments: [
        (
            "\"funding\": \"inventory\"", "\"fundign\": \"inventory\"",
            "fundign: unknown key; did you mean \"funding\"?", 5
        ),
        ("\"version\": 2", "\"x\": 2", "version: missing", 2),
        ("\"version\": 2", "\"version\": 2, \"x\": 1", "unknown key", 3),
        ("netProfit >= 25 usd", "netProfit >= 25", "both sides need one unit", 4),
        ("netProfit >= 25 usd", "nettProfit >= 25 usd", "no value of the catalogue", 4),
        ("1.05", "0.99", "a health from 1 to 10", 5),
        ("1.05", "\"1.05\"", "expected a decimal number", 5),
        ("\"50 bps\"", "\"50 bp\"", "expected an amount in %, bps, ppm", 6),
        ("\"50 bps\"", "50", "expected a string", 6),
        ("\"validHeights\": 5", "\"validHeights\": 0", "from 1 to 10000", 6),
        ("\"2 s\"", "\"2\"", "units: ms, s, min, h, d", 6),
        ("[\"lending\"]", "[]", "at least one kind of close", 3),
        ("\"inventory\"", "\"flash\"", "sellWithin", nil),
        ("\"private\"", "\"dark\"", "expected", 7),
        ("\"cap\": \"60 %\"", "\"cap\": \"6 %\"", "a cap not below the offer", 7),
        ("\"raiseEvery\": 2", "\"raiseEvery\": 1001", "from 0 to 1000", 7),
        ("\"version\": 2", "\"version\": 2, \"version\": 3", "version", 3),
        ("{\"restoreHealth\": 1.05}", "{\"twoStep\": \"6 %\"}", "a margin of at most 5 %", 5),
        ("{\"restoreHealth\": 1.05}", "{\"twoStep\": 0.01}", "expected a string", 5),
        ("{\"sellWithin\": \"50 bps\"}", "{\"holdUpTo\": {\"ETH\": \"5 usd\"}}", "haircut", 6),
        (
            "{\"sellWithin\": \"50 bps\"}",
            "{\"holdUpTo\": {\"ETH\": \"5 eth\"}, \"haircut\": \"3 %\"}", "an amount in usd", 6
        ),
        (
            "{\"sellWithin\": \"50 bps\"}", "{\"holdUpTo\": {}, \"haircut\": \"3 %\"}",
            "a limit for at least one asset", 6
        ),
        (
            "\"offer\": \"10 %\", \"cap\": \"60 %\", \"raiseEvery\": 2",
            "\"sealed\": \"40 %\", \"cap\": \"60 %\"", "unknown key", 7
        ),
        (
            "\"version\": 2",
            "\"version\": 2, \"aboveBonus\": {\"over\": \"3 %\", \"then\": \"go\"}",
            "hold", 3
        ),
    ])
    func `a wrong file is refused with its place`(
        old: String, new: String, says: String, line: Int?
    ) throws {
        var text = good.replacing(old, with: new)
        if new == "\"flash\"" {
            text = text.replacing("{\"sellWithin\": \"50 bps\"}", with: "\"hold\"")
        }
        let error = #expect(throws: StrategyFileError.self) {
            try StrategyFile.read(Array(text.utf8), file: "s.json")
        }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("s.json:") == true)
        if let line { #expect(error?.line == line) }
    }

    @Test func `exits, funding and bids are read in every form`() throws {
        func read(_ old: String, _ new: String) throws -> Strategy {
            try StrategyFile.read(Array(good.replacing(old, with: new).utf8), file: "s.json")
        }
        let sell = "{\"sellWithin\": \"50 bps\"}"
        let rule = HoldRule(
            haircutPpm: 30_000, limitUnits: [AssetID("ETH"): 5_000_000_000],
            sellTolerancePpm: 5_000)
        #expect(
            try read(
                sell,
                "{\"holdUpTo\": {\"ETH\": \"5000 usd\"}, \"haircut\": \"3 %\", "
                    + "\"sellWithin\": \"50 bps\"}"
            ).exit == .holdUpTo(rule))
        #expect(try read("\"inventory\"", "\"cheapest\"").funding == .cheapest)
        #expect(
            try read("{\"restoreHealth\": 1.05}", "{\"twoStep\": \"5 bps\"}").sizing
                == .twoStep(marginPpm: 500))
        let sealed = try read(
            "\"offer\": \"10 %\", \"cap\": \"60 %\", \"raiseEvery\": 2", "\"sealed\": \"40 %\"")
        #expect(sealed.bid == .sealed(laneClass: .confidential, sharePpm: 400_000))
        #expect(sealed.bid?.raiseEveryHeights == 0 && sealed.bid?.offerPpm == sealed.bid?.capPpm)
        #expect(
            try read(
                "\"version\": 2",
                "\"version\": 2, "
                    + "\"aboveBonus\": {\"over\": \"3 %\", \"then\": {\"canary\": \"500 usd\"}}"
            ).aboveBonus
                == AboveBonusRule(
                    overPpm: 30_000, policy: .canary(notionalMaxUnits: 500_000_000)))
        #expect(try read("\"x\"", "\"y\"").aboveBonus == .usual)
    }

    @Test func `every strategy that comes with the program is read and named as its file`() throws {
        for (name, bytes) in try ShippedStrategies.files() {
            let strategy = try StrategyFile.read(bytes, file: name)
            #expect(strategy.name.text + ".json" == name)
        }
    }

    @Test func `a strategy says what its venue lacks`() throws {
        let strategy = try StrategyFile.read(Array(good.utf8), file: "s.json")
        let bare = VenueCapabilities(
            isAtomic: false, hasFlash: false, allowsPartial: false, canVoid: true,
            callsPerHeight: 1)
        #expect(strategy.missingCapability(bare) == "atomic closes with exit legs")
    }
}
