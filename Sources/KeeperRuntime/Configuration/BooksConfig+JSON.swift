import KeeperCodec
import KeeperJournal
import KeeperModel
import WideMath

extension BooksConfig {
    /// Both sections may be absent: then nothing is lost with the power, and decisions have ninety
    /// days and half a gibibyte.
    init(journal: JSONReader?, decisions: JSONReader?) throws(JSONReadError) {
        var durability = Durability.power
        if var object = try journal?.object() {
            durability = try object.required("durability").choice([
                "process": Durability.process, "power": .power,
            ])
            try object.finish()
        }
        var kept = TimeSpan.seconds(90 * 86_400)
        var byteCountMax: UInt64 = 512 << 20
        if var object = try decisions?.object() {
            kept = try object.required("keep").timeSpan(
                in: .seconds(3_600) ... .seconds(36_500 * 86_400))
            byteCountMax = try object.required("disk").byteCount(atLeast: 1 << 20)
            try object.finish()
        }
        self.init(
            durability: durability, decisionsKept: kept, decisionsByteCountMax: byteCountMax)
    }
}

extension JSONReader {
    /// `"512 MiB"`
    fileprivate func byteCount(atLeast least: UInt64) throws(JSONReadError) -> UInt64 {
        let units: [(String, UInt64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]
        guard let count = try amount(units: units, example: "512 MiB").asUInt64, count >= least
        else { throw refused("at least 1 MiB") }
        return count
    }
}
