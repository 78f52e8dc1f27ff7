import KeeperCodec
import RoadKit

/// `bailiff-dev soak`: a real venue and a real keeper for hours of the venue's time, with faults by
/// seed. Exit code 2 where something grew, was missed or does not reconcile.
func runSoakCommand(_ arguments: [String]) -> ExitCode {
    guard let request = SoakRequest(arguments) else {
        printError(
            "usage: bailiff-dev soak [--hours N | --minutes N] [--factor N] [--seed N] [--json]; "
                + "hours and minutes are the venue's")
        return .usage
    }
    do {
        let verdict = try blocking {
            try await SoakRun(request.settings, say: { printError("soak: \($0)") }).play()
        }
        print(request.isJSON ? verdict.json(request.settings) : verdict.text(request.settings))
        return verdict.complaints.isEmpty ? .success : .mismatch
    } catch {
        printError("bailiff-dev soak: \(error)")
        return .failure
    }
}

private struct SoakRequest {
    let settings: SoakSettings
    let isJSON: Bool

    /// Nil where something is not understood.
    init?(_ arguments: [String]) {
        var (seconds, factor, seed) = (Int64(8 * 3_600), Int64(8), UInt64(1))
        var (isJSON, rest) = (false, arguments[...])
        while let word = rest.popFirst() {
            if word == "--json" {
                isJSON = true
                continue
            }
            guard let number = rest.popFirst().flatMap({ UInt32($0) }), number > 0 else {
                return nil
            }
            switch word {
            case "--hours" where number <= 1_000: seconds = Int64(number) * 3_600
            case "--minutes" where number <= 60_000: seconds = Int64(number) * 60
            case "--factor" where number <= 100: factor = Int64(number)
            case "--seed": seed = UInt64(number)
            default: return nil
            }
        }
        self.isJSON = isJSON
        settings = SoakSettings(venueSeconds: seconds, factor: factor, seed: seed)
    }
}

extension SoakVerdict {
    fileprivate func text(_ settings: SoakSettings) -> String {
        let faults = faultCounts.map { "\($0.count) x \($0.name)" }.joined(separator: ", ")
        let missed = chances.missed.count
        let lines = [
            "\(settings.venueSeconds / 60) minutes of venue time at factor \(settings.factor), "
                + "seed \(settings.seed)",
            "faults: \(faults)",
            "accounts could be closed \(chances.all) times: won \(chances.won), "
                + "closed by others \(chances.closedByOthers), left with a reason "
                + "\(chances.reasoned), seen and over \(chances.seen), while the keeper was dead "
                + "\(chances.inTheDark), hidden by the venue \(chances.hidden), missed \(missed)",
            "closes in the journal: \(closeCount)",
            "keeper: " + keeper.text, "venue: " + venue.text,
            "disk: state \(stateByteCount >> 10) KiB, decisions at most "
                + "\(decisionsByteCountMost >> 10) KiB of \(settings.decisionsByteCountMax >> 10)",
            complaints.isEmpty ? "all held" : "FAILED: " + complaints.joined(separator: "; "),
        ]
        return lines.joined(separator: "\n")
    }

    fileprivate func json(_ settings: SoakSettings) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemaVersion", UInt64(1))
        json.member("venueSeconds", settings.venueSeconds)
        json.member("factor", settings.factor)
        json.member("seed", settings.seed)
        json.key("faults")
        json.beginObject()
        for fault in faultCounts { json.member(fault.name, UInt64(fault.count)) }
        json.endObject()
        json.key("chances")
        json.beginObject()
        json.member("all", UInt64(chances.all))
        json.member("won", UInt64(chances.won))
        json.member("closedByOthers", UInt64(chances.closedByOthers))
        json.member("reasoned", UInt64(chances.reasoned))
        json.member("seen", UInt64(chances.seen))
        json.member("inTheDark", UInt64(chances.inTheDark))
        json.member("hidden", UInt64(chances.hidden))
        json.member("missed", UInt64(chances.missed.count))
        json.endObject()
        json.member("closes", UInt64(closeCount))
        json.trend("keeper", keeper)
        json.trend("venue", venue)
        json.member("stateBytes", stateByteCount)
        json.member("decisionsBytesMost", decisionsByteCountMost)
        json.member("decisionsBytesMax", settings.decisionsByteCountMax)
        json.member("complaints", JSONValue.array(complaints.map { .string($0) }))
        json.endObject()
        return String(decoding: json.finish(), as: UTF8.self)
    }
}

extension SoakTrend {
    fileprivate var text: String {
        "\(residentByteCountEarly >> 10) KiB early, \(residentByteCountLate >> 10) KiB late, "
            + "\((growthBytesPerVenueHour / 1_024).text(places: 1)) KiB a venue hour over "
            + "\(venueHours.text(places: 2)) h, descriptors \(descriptorCountEarly) then "
            + "\(descriptorCountLate)"
    }
}

extension JSONWriter {
    fileprivate mutating func trend(_ name: String, _ trend: SoakTrend) {
        key(name)
        beginObject()
        member("residentBytesEarly", trend.residentByteCountEarly)
        member("residentBytesLate", trend.residentByteCountLate)
        member("residentBytesMost", trend.residentByteCountMost)
        member("growthBytesPerVenueHour", Int64(trend.growthBytesPerVenueHour))
        member("descriptorsEarly", UInt64(trend.descriptorCountEarly))
        member("descriptorsLate", UInt64(trend.descriptorCountLate))
        endObject()
    }
}
