import FoundationEssentials
import KeeperCommands
import KeeperRuntime
import VenueSimulator

/// Files that a command line names.
enum InputFile {
    static func bytes(_ path: String) throws(StartProblem) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw StartProblem(.inputMissing, "\(path): cannot be read; is it there?")
        }
    }

    static func scenario(_ path: String) throws(StartProblem) -> Scenario {
        let bytes = try bytes(path)
        do {
            return try ScenarioFile.read(bytes)
        } catch {
            throw StartProblem(.badInput, "\(path): \(error)")
        }
    }
}
