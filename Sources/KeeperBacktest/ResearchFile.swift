import KeeperCodec
import KeeperCommands
import KeeperRuntime

/// A file that a researcher writes: JSON with comments, every key known, errors with line and
/// column.
enum ResearchFile {
    static func read<Plan>(
        _ bytes: [UInt8], file: String, _ plan: (JSONReader) throws(JSONReadError) -> Plan
    ) throws(StartProblem) -> Plan {
        do {
            let value = try JSONValue.parse(bytes, limits: .configuration, dialect: .withComments)
            return try plan(JSONReader(value))
        } catch let error as JSONError {
            let place = "\(file):\(error.location.line):\(error.location.column)"
            throw StartProblem(.configuration, "\(place): \(error.problem)")
        } catch let error as JSONReadError {
            let location = error.location(in: bytes, limits: .configuration, dialect: .withComments)
            let place = location.map { "\(file):\($0.line):\($0.column)" } ?? file
            throw StartProblem(.configuration, "\(place): \(error)")
        } catch {
            throw StartProblem(.configuration, "\(file): \(error)")
        }
    }
}
