// URLSession, kept alive: reads lines "PORT SIDE_BY_SIDE COUNT", answers
// "P50_NANOSECONDS REQUESTS_A_SECOND". swiftc -O -parse-as-library
import Dispatch
import Foundation
import FoundationNetworking

@main struct HTTPClient {
    static func main() async throws {
        while let line = readLine() {
            let words = line.split(separator: " ").compactMap { Int($0) }
            guard words.count == 3, let url = URL(string: "http://127.0.0.1:\(words[0])/tick")
            else { return }
            try await ask(url, sideBySide: words[1], count: words[2])
        }
    }

    static func ask(_ url: URL, sideBySide: Int, count: Int) async throws {
        let configuration = URLSessionConfiguration.default
        configuration.httpMaximumConnectionsPerHost = sideBySide
        let session = URLSession(configuration: configuration)
        _ = try await some(50, url, session)
        let begin = DispatchTime.now().uptimeNanoseconds
        var times = try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<sideBySide {
                group.addTask { try await some(count / sideBySide, url, session) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let spent = DispatchTime.now().uptimeNanoseconds - begin
        times.sort()
        print(times[times.count / 2], Int(Double(times.count) / Double(spent) * 1e9))
        fflush(stdout)
    }

    static func some(_ count: Int, _ url: URL, _ session: URLSession) async throws -> [UInt64] {
        var times: [UInt64] = []
        for _ in 0..<count {
            let start = DispatchTime.now().uptimeNanoseconds
            _ = try await session.data(from: url)
            times.append(DispatchTime.now().uptimeNanoseconds - start)
        }
        return times
    }
}
