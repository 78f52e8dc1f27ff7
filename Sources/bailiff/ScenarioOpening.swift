import FoundationEssentials
import KeeperCommands
import KeeperRuntime
import VenueSimulator

/// A scenario file as a command line names it.
enum ScenarioOpening {
    static func read(_ path: String) throws(StartProblem) -> Scenario {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw StartProblem(.inputMissing, "\(path): cannot be read; is it there?")
        }
        do {
            return try ScenarioFile.read(bytes)
        } catch {
            throw StartProblem(.badInput, "\(path): \(error)")
        }
    }
}
