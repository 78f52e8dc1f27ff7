import KeeperCodec
import KeeperCommands
import KeeperModel
import KeeperRuntime
import KeeperSigner
import KeeperTransport
import VenueConformance

/// `venue-conformance URL`: every check in turn, and a report. What it sends moves nothing.
enum ConformanceCommand {
    private static let usualKeyID = "conformance"

    static func run(_ parsed: ParsedCommand) throws -> ExitCode {
        let url = parsed.arguments[0]
        let endpoint: Endpoint
        do {
            endpoint = try Endpoint(name: EndpointName("venue"), baseURL: url)
        } catch {
            throw UsageError("'\(url)' \(error)")
        }
        let probe = VenueProbe(
            endpoint: endpoint, reactor: Reactor(), signer: try signer(parsed))
        guard probe.isReachable else {
            throw StartProblem(.unavailable, "nothing answers at \(url); does the venue run?")
        }
        let report = ConformanceSuite.run(probe)
        let text =
            parsed.has("json") ? String(decoding: report.jsonBytes, as: UTF8.self) : report.text
        StandardStream.output.line(text)
        return report.broken.isEmpty ? .done : .difference
    }

    private static func signer(_ parsed: ParsedCommand) throws -> RequestSigner? {
        guard let file = parsed.value("keys") else { return nil }
        let keyID = parsed.value("key-id") ?? usualKeyID
        do {
            let scheme: SigningScheme = parsed.has("hmac") ? .hmacSHA256 : .ed25519
            guard let signer = try RequestSigner(scheme, file: file, keyID: keyID) else {
                throw UsageError("--key-id '\(keyID)' is no name: 1 to 64 of A-Z a-z 0-9 . _ -")
            }
            return signer
        } catch let problem as KeyFileProblem {
            throw StartProblem(.permission, problem.description)
        }
    }
}
