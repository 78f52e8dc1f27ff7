import Foundation
import KeeperCodec
import KeeperRuntime
import Testing

/// The schema and the reader are two statements of one form: each mutation of the configuration is
/// given to both, and they agree about it.
@Suite struct ConfigSchemaTests {
    private static let full = """
        {
            "$schema": "config.schema.json",
            "configVersion": 1, "state": "state",
            "unitOfAccount": {"asset": "USD", "decimals": 6},
            "venue": {"domain": "venue", "url": "http://127.0.0.1:8545",
                "mirrors": ["https://mirror.example"]},
            "strategies": {"folder": "strategies", "use": ["full-close", "two-step"]},
            "limits": {
                "notionalPerClose": "250000 USD", "notionalOpen": "1000000 USD",
                "openIntents": 40, "closesPerHour": 2000, "lossPerHour": "500 USD",
                "lossPerDay": "2000 USD", "gasPerDay": "2000 USD", "failuresPerHour": 200,
                "unknownOpen": 20, "plausibleProfit": "20%",
                "canary": {"notional": "500 USD", "closes": 5}
            },
            "guards": {"priceAge": "10 s", "jump": "20%",
                "parting": {"above": "3 %", "then": "hold", "holdFor": "5 min"}},
            "feeds": [
                {"asset": "ETH", "lot": "0.01 ETH", "quorum": 2, "age": "8 s",
                 "deviation": "1 %", "halfWidth": "50 bps", "whenLost": "refuse",
                 "average": {"over": "5 min", "deviation": "10 %"},
                 "sources": [
                    {"kind": "pyth", "name": "p", "url": "https://hermes.example", "every": "1 s",
                     "feed": "\(String(repeating: "ab", count: 32))"},
                    {"kind": "binance", "name": "b", "url": "https://binance.example",
                     "every": "2 s", "symbol": "ETHUSDT"},
                    {"kind": "coinbase", "name": "c", "url": "https://coinbase.example",
                     "every": "2 s", "product": "ETH-USD"},
                    {"kind": "kraken", "name": "k", "url": "https://kraken.example",
                     "every": "2 s", "pair": "ETHUSD"}]},
                {"asset": "BTC", "quorum": 1, "age": "8 s", "deviation": "1 %",
                 "whenLost": "warn",
                 "sources": [
                    {"kind": "json", "name": "j", "url": "http://127.0.0.1:1", "every": "2 s",
                     "path": "/x", "query": [{"name": "a", "value": "b"}], "price": "/p",
                     "exponent": -8, "halfWidth": "/w", "time": {"at": "/t", "in": "ms"}},
                    {"kind": "json", "name": "i", "url": "http://127.0.0.1:1", "every": "2 s",
                     "path": "/x", "bid": "/b", "ask": "/a"}]}],
            "avoid": [{"account": "a1", "reason": "a friend", "until": "2026-12-31T00:00:00Z"},
                {"market": "m", "reason": "new"}],
            "dryRun": {"wallet": "60000 USD", "latency": "150 ms"},
            "live": {"enabled": false, "keyId": "keeper-1", "spin": true,
                "key": {"file": "keeper.key"}},
            "control": {"socket": "s", "viewers": {"groups": [1]}, "operators": {"users": [2]},
                "treasurers": {"users": [3], "groups": [4], "tokenFile": "t"}},
            "watch": {"armed": "5 %", "insolvent": true},
            "journal": {"durability": "process"}, "decisions": {"keep": "90 d", "disk": "1 GiB"},
            "history": {"eventsPerCheckpoint": 1000, "checkpoints": 20},
            "recording": {"checkpointEveryEvents": 10000, "accountsMax": 10000}
        }
        """

    /// The same with two venues, each with its own sources, and purses at both.
    private static var severalVenues: String {
        get throws {
            let start = try #require(full.range(of: "\"venue\": {"))
            let end = try #require(full.range(of: "\"strategies\": {"))
            let feeds = try #require(full.range(of: "\"feeds\": ["))
            let behind = try #require(full.range(of: "\"avoid\": ["))
            let feedsEnd = try #require(
                full[..<behind.lowerBound].lastIndex(of: "]"))
            let own = full[feeds.lowerBound...feedsEnd]
            let venues = """
                "venues": [
                    {"domain": "north", "url": "http://127.0.0.1:1", "wallet": "5 USD",
                     "keyId": "n-1", "key": {"credential": "n.key", "scheme": "hmac-sha256"},
                     "mirrors": ["https://mirror.example"], \(own)},
                    {"domain": "south", "url": "http://127.0.0.1:2"}],
                "treasury": {"automatic": true, "coolDown": "60 s", "gasPerTransfer": "20 USD",
                    "assets": [
                        {"domain": "north", "asset": "USD", "decimals": 6, "floor": "1 USD",
                         "target": "2 USD", "ceiling": "3 USD", "perTransfer": "1 USD",
                         "perDay": "5 USD", "dryRunReserve": "7 USD"},
                        {"domain": "south", "asset": "USD", "decimals": 6, "floor": "1 USD",
                         "target": "2 USD", "ceiling": "3 USD", "perTransfer": "1 USD",
                         "perDay": "5 USD"}]},

                """
            var text = full
            text.removeSubrange(feeds.lowerBound..<behind.lowerBound)
            text.replaceSubrange(start.lowerBound..<end.lowerBound, with: venues)
            return text
        }
    }

    /// Values of every kind in the place of each value. What only the reader can know, how values
    /// go together, is not among them.
    private static let values: [JSONValue] = [
        .null, .bool(true), .number(JSONNumber(Int64(-1))), .number(JSONNumber(UInt64(0))),
        .number(JSONNumber(UInt64(7))),
        .number(JSONNumber(UInt64(65_534))), .number(JSONNumber(UInt64(1) << 40)), .string(""),
        .string("12"), .string("soon"), .string("9parsecs"), .string("-1 USD"), .string("a/b"),
        .array([]), .object([]),
    ]

    private static func schema() throws -> JSONValue {
        try JSONValue.parse(Array(ConfigSchema.text.utf8))
    }

    private static func isRead(_ value: JSONValue) -> Bool {
        var json = JSONWriter()
        json.value(value)
        return ConfigFile.problems(json.finish(), file: "c").isEmpty
    }

    @Test func `the configuration that has everything is accepted by both`() throws {
        for text in [Self.full, try Self.severalVenues] {
            let value = try JSONValue.parse(Array(text.utf8))
            #expect(Self.isRead(value))
            #expect(SchemaJudge(try Self.schema()).accepts(value))
        }
    }

    @Test(arguments: [false, true])
    func `whatever is changed, both say the same about it`(ofSeveralVenues: Bool) throws {
        let judge = SchemaJudge(try Self.schema())
        let text = ofSeveralVenues ? try Self.severalVenues : Self.full
        let whole = try JSONValue.parse(Array(text.utf8))
        var (acceptedCount, refusedCount) = (0, 0)
        // In another unit the limits are amounts of something else, which no schema can say.
        let mutations = Self.mutations(of: whole, at: "")
            .filter { !$0.0.hasPrefix(".unitOfAccount.asset = string(") }
            .filter { !Self.isAboutTwoValues($0.0) }
            .filter { !ofSeveralVenues || $0.0.contains("venues") || $0.0.contains("treasury") }
        for (name, changed) in mutations {
            let isRead = Self.isRead(changed)
            #expect(judge.accepts(changed) == isRead, "\(name): the reader says \(isRead)")
            acceptedCount += isRead ? 1 : 0
            refusedCount += isRead ? 0 : 1
        }
        // Both answers are given often enough that agreeing is no accident.
        #expect(acceptedCount > 50 && refusedCount > 400, "\(acceptedCount), \(refusedCount)")
    }

    /// A quorum above the number of sources, a lot of another asset, feeds without a rule for what
    /// follows from them: what no schema can say.
    private static func isAboutTwoValues(_ name: String) -> Bool {
        name == ".guards.parting -" || name.hasSuffix(".quorum = number(7)")
            || name.contains("feeds[0].asset = string(")
            // A purse of no venue, or of none that is named; amounts of another asset.
            || name.hasPrefix(".treasury.assets[") && name.contains("].domain")
            || name.hasPrefix(".treasury.assets[") && name.contains("].asset = string(")
            || name.hasPrefix(".venues[") && name.contains("].domain = string(")
            || name == ".venues = array([])"
    }

    /// Each value replaced, each member left out, and one that nobody knows put in.
    private static func mutations(
        of value: JSONValue, at path: String
    ) -> [(String, JSONValue)] {
        var all = values.filter { $0 != value }.map { ("\(path) = \($0)", $0) }
        switch value {
        case .object(let members):
            all.append(("\(path)+", .object(members + [JSONMember("unheardOf", .null)])))
            for (index, member) in members.enumerated() where member.key != "$schema" {
                var without = members
                without.remove(at: index)
                all.append(("\(path).\(member.key) -", .object(without)))
                for (name, inner) in mutations(of: member.value, at: "\(path).\(member.key)") {
                    var changed = members
                    changed[index] = JSONMember(member.key, inner)
                    all.append((name, .object(changed)))
                }
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                for (name, inner) in mutations(of: element, at: "\(path)[\(index)]") {
                    var changed = elements
                    changed[index] = inner
                    all.append((name, .array(changed)))
                }
            }
        default: break
        }
        return all
    }
}

/// As much of JSON Schema 2020-12 as the schema uses. A word that it does not know is a failure of
/// the test, not a pass.
private struct SchemaJudge {
    private let root: JSONValue

    init(_ root: JSONValue) {
        self.root = root
    }

    func accepts(_ value: JSONValue) -> Bool { accepts(value, by: root) }

    private func accepts(_ value: JSONValue, by schema: JSONValue) -> Bool {
        guard case .object(let words) = schema else { return false }
        return words.allSatisfy { accepts(value, $0, in: schema) }
    }

    private func accepts(_ value: JSONValue, _ word: JSONMember, in schema: JSONValue) -> Bool {
        switch word.key {
        case "$schema", "$defs", "title", "description": true
        case "$ref": accepts(value, by: definition(word.value))
        case "type": isOfType(value, text(word.value))
        case "const": value == word.value
        case "enum": elements(word.value).contains(value)
        case "required":
            elements(word.value).allSatisfy { key in
                guard case .object = value else { return true }
                return value[text(key)] != nil
            }
        case "properties", "additionalProperties": membersAreGood(value, schema)
        case "items": elements(value).allSatisfy { accepts($0, by: word.value) }
        case "not": !accepts(value, by: word.value)
        case "oneOf": elements(word.value).count { accepts(value, by: $0) } == 1
        case "anyOf": elements(word.value).contains { accepts(value, by: $0) }
        case "minItems": !isArray(value) || elements(value).count >= number(word.value)
        case "maxItems": !isArray(value) || elements(value).count <= number(word.value)
        case "uniqueItems": Set(elements(value).map { "\($0)" }).count == elements(value).count
        case "minimum": integer(value).map { $0 >= number(word.value) } ?? true
        case "maximum": integer(value).map { $0 <= number(word.value) } ?? true
        case "minLength": !isOfType(value, "string") || text(value).count >= number(word.value)
        case "pattern": !isOfType(value, "string") || matches(text(value), text(word.value))
        default: preconditionFailure("The judge knows no '\(word.key)'")
        }
    }

    private func membersAreGood(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        guard case .object(let members) = value else { return true }
        return members.allSatisfy { member in
            guard let inner = schema["properties"]?[member.key] else {
                return schema["additionalProperties"] != .bool(false)
            }
            return accepts(member.value, by: inner)
        }
    }

    private func definition(_ reference: JSONValue) -> JSONValue {
        let name = text(reference).split(separator: "/").last.map(String.init) ?? ""
        guard let definition = root["$defs"]?[name] else {
            preconditionFailure("The schema defines \(name)")
        }
        return definition
    }

    private func isOfType(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool): true
        case ("integer", .number(let number)): number.int64 != nil
        default: false
        }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }

    private func isArray(_ value: JSONValue) -> Bool { isOfType(value, "array") }

    private func elements(_ value: JSONValue) -> [JSONValue] {
        guard case .array(let elements) = value else { return [] }
        return elements
    }

    private func text(_ value: JSONValue) -> String {
        guard case .string(let text) = value else { return "" }
        return text
    }

    private func integer(_ value: JSONValue) -> Int64? {
        guard case .number(let number) = value else { return nil }
        return number.int64
    }

    private func number(_ value: JSONValue) -> Int { Int(integer(value) ?? 0) }
}
