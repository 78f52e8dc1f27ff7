import KeeperCodec
import Testing

@Suite struct JSONPointerTests {
    /// The document and the answers of RFC 6901, section 5.
    private static let document = #"""
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5,
         "k\"l": 6, " ": 7, "m~n": 8}
        """#

    private static func root() throws -> JSONReader {
        JSONReader(try JSONValue.parse(Array(document.utf8)))
    }

    @Test(arguments: [
        ("/foo/0", "bar"), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"),
        ("/g|h", "4"), (#"/i\j"#, "5"), (#"/k"l"#, "6"), ("/ ", "7"), ("/m~0n", "8"),
    ])
    func `a pointer finds what the standard's own example says`(
        text: String, expected: String
    ) throws {
        let found = try #require(JSONPointer(text)).value(in: try Self.root()).value
        switch found {
        case .string(let text): #expect(text == expected)
        case .number(let number): #expect(number.text == expected)
        default: Issue.record("\(found)")
        }
        #expect(try #require(JSONPointer("")).value(in: try Self.root()).value == Self.root().value)
    }

    @Test(arguments: ["foo", "/a~", "/a~2", "~", "/~01~"])
    func `what is no pointer is refused`(text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test(arguments: [
        ("/foo/2", "foo[2]: missing"), ("/bar", "bar: missing"), ("/foo/00", "foo: expected"),
        ("/foo/-", "foo: expected"), ("/foo/0/x", "foo[0]: expected"),
        ("/foo/99999999999", "foo: expected"),
    ])
    func `a pointer to nothing says where the way ends`(text: String, says: String) throws {
        let pointer = try #require(JSONPointer(text))
        let error = #expect(throws: JSONReadError.self) { try pointer.value(in: try Self.root()) }
        #expect(error?.description.hasPrefix(says) == true, "\(String(describing: error))")
    }
}
