import FoundationEssentials
import KeeperCommands
import KeeperRuntime
import VenueSimulator

/// The whole of a file that a command line names.
func inputBytes(of path: String) throws(StartProblem) -> [UInt8] {
    do {
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
        throw StartProblem(.inputMissing, "\(path): cannot be read; is it there?")
    }
}

func scenario(in path: String) throws(StartProblem) -> Scenario {
    let bytes = try inputBytes(of: path)
    do {
        return try ScenarioFile.read(bytes)
    } catch {
        throw StartProblem(.badInput, "\(path): \(error)")
    }
}
