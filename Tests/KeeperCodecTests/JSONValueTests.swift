import KeeperCodec
import Testing

@Suite struct JSONValueTests {
    @Test func `a tree keeps order and number text, and writes the same bytes`() throws {
        let text = #"{"b":[1,2.50,-3e+2,null,true,false],"a":{"":"x\"\\\n\u0001é"},"c":[]}"#
        let value = try JSONValue.parse(Array(text.utf8))
        #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == text)
        #expect(value["c"] == .array([]) && value["d"] == nil)
    }

    @Test(arguments: [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"x":{"é":1,"é":2}}]"#])
    func `a key that comes twice is refused`(text: String) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue.parse(Array(text.utf8)) }
        guard case .duplicateKey = error.problem else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `a path is shown and found again in the text`() throws {
        let text = "{\n  // c\n  \"markets\": [ {}, {\"tiers\": [ 5,\n 6 ], \"a b\": 1} ],\n}"
        let bytes = Array(text.utf8)
        let path = JSONPath.root.key("markets").index(1)
        #expect(path.key("tiers").index(1).description == "markets[1].tiers[1]")
        #expect(path.key("a b").description == "markets[1][\"a b\"]")
        #expect(JSONPath.root.description == "(top level)")
        let place = path.key("tiers").index(1).location(in: bytes, dialect: .withComments)
        #expect(place?.description == "line 4, column 2")
        let member = path.key("tiers").location(in: bytes, dialect: .withComments)
        #expect(member?.description == "line 3, column 21")
        #expect(path.key("none").location(in: bytes, dialect: .withComments) == nil)
        #expect(path.index(9).location(in: bytes, dialect: .withComments) == nil)
        #expect(path.location(in: bytes, dialect: .strict) == nil)
    }
}
