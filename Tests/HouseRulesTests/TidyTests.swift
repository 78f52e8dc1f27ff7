import HouseRules
import Testing

/// One sample per way of breaking a rule. Each breaks exactly one.
@Suite struct TidyTests {
    @Test(arguments: Sample.all)
    func `a sample breaks its rule and no other`(sample: Sample) {
        #expect(complaints(sample.source, at: sample.path).map(\.rule) == [sample.rule])
    }

    @Test(arguments: Sample.clean)
    func `what is fine is let through`(source: String) {
        #expect(complaints(source).map(\.description) == [])
    }

    @Test func `a complaint says where, what, and what to do instead`() {
        let found = complaints("struct A {}\nlet b = c!\n")
        #expect(
            found.map(\.description) == [
                "Sources/KeeperRisk/Sample.swift:2: force-unwrap: c! traps without a word; "
                    + "use guard let with a reason, or #require in a test"
            ])
    }

    @Test(arguments: [
        "let a = b! // tidy:allow(force-unwrap) the table above has it\n",
        "// tidy:allow(force-unwrap) the table above has it\nlet a = b!\n",
        "// tidy:allow(force-unwrap) the table above has it\nfunc a() {\n\n    b!\n    c!\n}\n",
    ])
    func `an exception with a reason is heard`(source: String) {
        #expect(complaints(source).isEmpty)
    }

    @Test(arguments: [
        ("let a = b! // tidy:allow(force-unwrap)\n", [RuleName.allowance, .forceUnwrap]),
        ("let a = b! // tidy:allow(force-unwrap) because\n", [.allowance, .forceUnwrap]),
        ("let a = b! // tidy:allow(bang) the table has it\n", [.allowance, .forceUnwrap]),
        ("let a = b // tidy:allow(force-unwrap) the table has it\n", [.allowance]),
        ("// tidy:allow(force-unwrap) too far away\n\nlet a = b!\n", [.allowance, .forceUnwrap]),
    ])
    func `an exception without a reason or a use is a complaint`(
        source: String, rules: [RuleName]
    ) {
        #expect(complaints(source).map(\.rule).sorted { $0.rawValue < $1.rawValue } == rules)
    }

    @Test func `three unchecked places may stand, a fourth may not`() {
        let files = (1...4).map { number in
            TextFile(
                path: "Sources/KeeperTransport/File\(number).swift",
                text: "// tidy:allow(unchecked) a lock protects it\nunowned let a: B\n")
        }
        let found = Tidy.complaints(about: files + [manifest], ratchet: .empty)
        #expect(found.map(\.file) == ["Sources/KeeperTransport/File4.swift"])
    }
}

struct Sample: Sendable, CustomTestStringConvertible {
    let rule: RuleName
    let source: String
    let path: String

    init(_ rule: RuleName, _ source: String, at path: String = samplePath) {
        self.rule = rule
        self.source = source
        self.path = path
    }

    var testDescription: String { "\(rule.rawValue): \(source.prefix(60))" }

    static let all = [
        Sample(.imports, "import KeeperEngine\n"),
        Sample(.imports, "package import struct KeeperSigner.VerifyingKey\n"),
        Sample(.imports, "import Foundation\n"),
        Sample(.imports, "import Foundation\n", at: "Sources/KeeperTransport/Sample.swift"),
        Sample(.imports, "import CCurl\n", at: "Sources/VenueREST/Sample.swift"),
        Sample(.imports, "struct A {}\n", at: "Sources/Cellar/Sample.swift"),
        Sample(.clock, "let a = ContinuousClock.now\n"),
        Sample(.clock, "let a = Date()\n"),
        Sample(.clock, "let a = time(nil)\n"),
        Sample(.clock, "clock_gettime(CLOCK_MONOTONIC, &a)\n"),
        Sample(.randomness, "let a = Int.random(in: 0...3)\n"),
        Sample(.randomness, "let a = b.randomElement()\n"),
        Sample(.randomness, "let a = b.shuffled()\n"),
        Sample(.randomness, "var a = SystemRandomNumberGenerator()\n"),
        Sample(.concurrency, "func a() async {}\n"),
        Sample(.concurrency, "let a = Task { b() }\n"),
        Sample(.floatingPoint, "let a: Double\n"),
        Sample(.floatingPoint, "let a = 0.5\n"),
        Sample(.unordered, "let a: [String: Int]\nfor (b, c) in a {}\n"),
        Sample(.unordered, "let a: Set<Int>\nfor b in self.a where b > 1 {}\n"),
        Sample(.unordered, "var a = [:]\nlet b = a.map { $0.key }\n"),
        Sample(.unordered, "let a: Dictionary<Int, Int>\nfor b in a.keys {}\n"),
        Sample(.unordered, "let a: [String: Int]\nlet b = a.values.reduce(0, +)\n"),
        Sample(.unordered, "let a: Set<Int>\nlet b = a.filter { $0 > 1 }.first\n"),
        Sample(.unordered, "let a = Set(b)\nlet c = a.map { $0 }\n"),
        Sample(.forceUnwrap, "let a = b!\n"),
        Sample(.forceUnwrap, "let a = b()!.c\n"),
        Sample(.forceUnwrap, "let a = try! b()\n"),
        Sample(.forceUnwrap, "let a = b as! C\n"),
        Sample(.forceUnwrap, "var a: B!\n"),
        Sample(.forceUnwrap, "let a = b!\n", at: "Tests/ATests/Sample.swift"),
        Sample(.bareTrap, "guard a else { fatalError() }\n"),
        Sample(.bareTrap, "guard a else { preconditionFailure() }\n"),
        Sample(.silentError, "do { try a() } catch {}\n"),
        Sample(.silentError, "do { try a() } catch let b as C {\n}\n"),
        Sample(.silentError, "let a = try? b()\n"),
        Sample(.silentError, "// Far.\nif a {\n    b()\n    let c = try? d()\n}\n"),
        Sample(.unchecked, "final class A: @unchecked Sendable {}\n"),
        Sample(.unchecked, "nonisolated(unsafe) var a = 1\n"),
        Sample(.unchecked, "unowned let a: B\n"),
        Sample(.unchecked, ".unsafeFlags([])\n", at: "Package.swift"),
        Sample(.typeName, "struct OrderManager {}\n"),
        Sample(.typeName, "enum StringUtils {}\n"),
        Sample(.typeName, "protocol CloseHandler {}\n"),
        Sample(.secretText, "print(\"\\(password)\")\n"),
        Sample(.secretText, "let a: SigningKey\nprint(\"\\(b.a)\")\n"),
        Sample(.writeDoor, "handle.set(CURLOPT_POST, 1)\n"),
        Sample(.leftover, "// TODO later\n"),
        Sample(.leftover, "/* a HACK */ let a = 1\n"),
        Sample(.machinePath, "let a = \"/home/me/key\"\n"),
        Sample(.lineLength, "let a = \"\(String(repeating: "x", count: 100))\"\n"),
        Sample(.fileLength, String(repeating: "let a = 1\n", count: 601)),
        Sample(
            .fileLength, String(repeating: "let a = 1\n", count: 1_001),
            at: "Tests/ATests/Sample.swift"),
        Sample(
            .functionLength, "func a() {\n\(String(repeating: "b()\n", count: 69))}\n"),
        Sample(
            .functionLength,
            "init(a: B = { c }()) throws(D) {\n\(String(repeating: "b()\n", count: 69))}\n"),
        Sample(
            .functionLength, "var a: [B: C] {\n\(String(repeating: "b()\n", count: 69))}\n"),
    ]

    static let clean = [
        "// fatalError() and b! in a comment\nlet a = \"Date() and c!\"\n",
        "let a = !b && c != d\nlet e = !(f)\n",
        "let a: Int = 5\nlet b = tuple.0.1\nlet c = 0...5\n",
        "let a = b.random(in: 0..<3, using: &generator)\nlet c = d.shuffled(using: &generator)\n",
        "let a: [String: Int]\nfor b in a.keys.sorted() {}\nlet c = a.values.max()\nlet d = a[e]\n",
        "let a: [String: [Int]]\nfor b in a[c, default: []] {}\n",
        "let a: Set<Int>\nif a.contains(1) { b.forEach { c($0) } }\nlet d = a.map(f).sorted()\n",
        "let a = [b: c].count\nlet d = f(a: [g, h])\nfor i in a {}\n",
        "let a = try? b()  // an old file may be gone\n",
        "// An old file may be gone.\nlet a = try? b()\n",
        "// A file may be gone.\nguard let a = b,\n    c,\n    let d = try? e()\nelse { f() }\n",
        "let a = Set(b).sorted()\nlet c = a.map { d }\n",
        "do { try a() } catch { b(error) }\n",
        "guard a else { preconditionFailure(\"A market has a price\") }\n",
        "struct Service2 {}\nclass func a() {}\nlet baseManager = 1\n",
        "print(\"\\(key.publicKey) \\(secret.count) \\(seed)\")\n",
        "protocol A {\n    func b()\n    var c: D { get }\n    init(e: F)\n}\n",
        "let date = self.time(of: b)\nfunc time(of a: B) {}\n",
        "func a() {\n\(String(repeating: "b()\n", count: 68))}\n",
    ]
}

let samplePath = "Sources/KeeperRisk/Sample.swift"

/// Every target that a sample lies in.
let manifest = TextFile(
    path: "Package.swift",
    text: "[\"KeeperRisk\", \"KeeperTransport\", \"VenueREST\", \"Cellar\", \"ATests\"]\n")

func complaints(_ source: String, at path: String = samplePath) -> [Complaint] {
    let file = TextFile(path: path, text: source)
    let files = path == manifest.path ? [file] : [file, manifest]
    return Tidy.complaints(about: files, ratchet: .empty)
}
