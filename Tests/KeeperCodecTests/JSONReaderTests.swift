import KeeperCodec
import KeeperModel
import Testing
import WideMath

@Suite struct JSONReaderTests {
    private func reader(_ text: String) throws -> JSONReader {
        JSONReader(try JSONValue.parse(Array(text.utf8)))
    }

    @Test func `every kind of value is read`() throws {
        var object = try reader(
            #"{"s":"x","b":true,"i":-5,"u":7,"q":"8","d":1.25,"amount":"\#(UInt256.max)","#
                + #""debt":"\#(Int256.min)","id":"acc-1","mode":"hold","#
                + #""bytes":"0x00ff","list":[1,2],"map":{"k":1},"none":null}"#
        ).object()
        #expect(try object.required("s").string == "x")
        #expect(try object.required("b").bool)
        #expect(try object.required("i").int64 == -5)
        #expect(try object.required("u").uint64 == 7)
        #expect(try object.required("q").quotedInteger(as: UInt64.self) == 8)
        #expect(try object.required("amount").uint256 == UInt256.max)
        #expect(try object.required("debt").int256 == Int256.min)
        #expect(try object.required("d").decimal(scale: 2, as: Int64.self) == 125)
        #expect(try object.required("id").identifier(as: AccountID.self) == AccountID("acc-1"))
        #expect(try object.required("mode").choice(["act": 1, "hold": 2]) == 2)
        #expect(try object.required("bytes").bytes(count: 2) == [0, 255])
        let list = try object.required("list").array { (element) throws(JSONReadError) in
            try element.int64
        }
        #expect(list == [1, 2])
        var map = try object.required("map").object()
        let entries = map.entries()
        #expect(entries.map(\.key) == ["k"])
        #expect(try entries.first?.value.uint64 == 1)
        try map.finish()
        #expect(object.optional("none")?.isNull == true)
        #expect(object.optional("absent") == nil)
        try object.finish()
    }

    /// One row per refusal: the text of `{"a":…}` and the whole error.
    @Test(
        arguments: [
            (
                #"{"markets":[{"tiers":[{"upTo":"5"}]}]}"#,
                #"markets[0].tiers[0].upTo: expected a whole number of 64 bits, found "5""#
            ),
            (
                #"{"markets":[{"tiers":[{"upTo":-1}]}]}"#,
                "markets[0].tiers[0].upTo: expected a whole number of 64 bits, found -1"
            ),
            (#"{"markets":[{"tiers":[{"rate":1}]}]}"#, "markets[0].tiers[0].upTo: missing"),
            (
                #"{"markets":[{"tiers":[{"upto":1}]}]}"#,
                #"markets[0].tiers[0].upto: unknown key; did you mean "upTo"?"#
            ),
            (
                #"{"markets":[{"tiers":[{"upTo":1,"upTO":1}]}]}"#,
                #"markets[0].tiers[0].upTO: unknown key; did you mean "upTo"?"#
            ),
            (
                #"{"markets":[{"tiers":[{"upTo":1,"zebra":1}]}]}"#,
                "markets[0].tiers[0].zebra: unknown key"
            ),
            (
                #"{"markets":[{"tiers":[{"upTo":null},{"upTo":2}]}]}"#,
                "markets[0].tiers[0].upTo: expected a whole number of 64 bits, found null"
            ),
            (#"{"markets":[{"tiers":[1,2,3,4]}]}"#, "markets[0].tiers: more than 3 elements"),
            (#"{"markets":{}}"#, "markets: expected an array, found an object"),
            (
                #"{"markets":["0123456789012345678901234567890123456789"]}"#,
                "markets[0]: expected an object, found a string of 40 bytes"
            ),
        ])
    func `an error names path, expected and found`(text: String, expected: String) throws {
        let error = try #require(throws: JSONReadError.self) {
            var object = try reader(text).object()
            for market in try object.required("markets").array() {
                var fields = try market.object()
                for tier in try fields.required("tiers").array(countMax: 3) {
                    var tierFields = try tier.object()
                    _ = try tierFields.required("upTo").uint64
                    try tierFields.finish()
                }
                try fields.finish()
            }
            try object.finish()
        }
        #expect(error.description == expected)
    }

    @Test func `texts that look right are refused too`() throws {
        #expect(throws: JSONReadError.self) { try reader(#""a\u0000b""#).string }
        #expect(throws: JSONReadError.self) { try reader(#""a b""#).identifier(as: AssetID.self) }
        #expect(throws: JSONReadError.self) { try reader(#""Act""#).choice(["act": 1]) }
        #expect(throws: JSONReadError.self) { try reader("256").integer(as: UInt8.self) }
        #expect(throws: JSONReadError.self) { try reader("9").integer(in: 0...8) }
        #expect(throws: JSONReadError.self) { try reader("1").bool }
        #expect(throws: JSONReadError.self) { try reader(#""0xabc""#).bytes() }
        #expect(throws: JSONReadError.self) {
            try reader("1.001").decimal(scale: 2, as: Int64.self)
        }
    }
}

@Suite struct NearestNameTests {
    @Test(
        arguments: [
            ("maxGass", "maxGas"), ("MAXGAS", "maxGas"), ("mxaGas", "maxGas"), ("floor", "floor"),
            ("florr", "floor"), ("x", nil), ("entirelyDifferent", nil),
        ] as [(String, String?)])
    func `a typing mistake finds what was meant`(name: String, expected: String?) {
        #expect(nearestName(to: name, of: ["maxGas", "floor", "ceiling"]) == expected)
    }
}
