import Foundation
import KeeperCommands
import KeeperConsole
import KeeperRuntime
import Testing

@Suite struct ControlAccessTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private func access(tokenFile: String? = nil) throws -> ControlAccess {
        let text = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../config.json"), encoding: .utf8)
        let token = tokenFile.map { ", \"tokenFile\": \"\($0)\"" } ?? ""
        let control = """
            "control": {
                "viewers": {"groups": [50]},
                "operators": {"users": [1001], "groups": [51]\(token)},
                "treasurers": {"users": [1002]},
            },
            "guards":
            """
        let bytes = Array(text.replacingOccurrences(of: "\"guards\":", with: control).utf8)
        return try ControlAccess(try ConfigFile.read(bytes, file: "config.json").control, owner: 7)
    }

    @Test(arguments: [
        (UInt32(7), [UInt32(1)], ControlRole?.some(.treasurer)), (0, [0], .treasurer),
        (1001, [9], .operator), (1002, [9], .treasurer), (1003, [9, 50], .viewer),
        (1003, [51, 50], .operator), (1003, [9], nil),
    ])
    func `a role comes of the user, or of any of the groups`(
        user: UInt32, groups: [UInt32], role: ControlRole?
    ) throws {
        let peer = ControlPeer(user: user, groups: groups, process: 1)
        #expect(try access().role(of: peer, token: nil) == role)
    }

    @Test func `a token gives the role of its file, and nothing else does`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let path = folder.path + "/token"
        try Data((Self.token + "\n").utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let access = try access(tokenFile: path)
        let nobody = ControlPeer(user: 1003, groups: [9], process: 1)
        #expect(access.role(of: nobody, token: Self.token) == .operator)
        #expect(access.role(of: nobody, token: Self.token + "\n") == nil)
        #expect(access.role(of: nobody, token: "") == nil)

        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let problem = #expect(throws: StartProblem.self) { try self.access(tokenFile: path) }
        #expect(problem?.code == .permission)
        #expect(problem?.description.contains("chmod 600") == true)
    }

    @Test func `a token that could be guessed is refused`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let path = folder.path + "/token"
        try Data("secret".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let problem = #expect(throws: StartProblem.self) { try access(tokenFile: path) }
        #expect(problem?.code == .configuration)
    }

    @Test(arguments: ControlVerb.allCases)
    func `a verb is carried out for its role and those above, and for nobody else`(
        verb: ControlVerb
    ) throws {
        let access = try access()
        let people: [(ControlRole?, ControlPeer)] = [
            (nil, ControlPeer(user: 1003, groups: [9], process: 1)),
            (.viewer, ControlPeer(user: 1003, groups: [50], process: 1)),
            (.operator, ControlPeer(user: 1001, groups: [9], process: 1)),
            (.treasurer, ControlPeer(user: 1002, groups: [9], process: 1)),
        ]
        for (role, peer) in people {
            if let role, role >= verb.role {
                #expect(try access.admit(peer, saying: ControlRequest(verb)) == role)
                continue
            }
            let problem = #expect(throws: ControlProblem.self) {
                try access.admit(peer, saying: ControlRequest(verb))
            }
            #expect(problem?.code == .permission)
        }
    }

    @Test func `whoever only looks is not in the audit log, and everybody else is`() {
        for verb in ControlVerb.allCases {
            #expect(verb.isAudited == (verb.role != .viewer))
        }
        #expect(ControlVerb.pause.role == .operator)
        #expect(ControlVerb.reload.role == .treasurer)
    }
}
