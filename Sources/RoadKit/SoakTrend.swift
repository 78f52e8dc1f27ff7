/// Whether what a process takes grows: the second half of its samples beside the first.
package struct SoakTrend: Hashable, Sendable {
    package let sampleCount: Int
    package let residentByteCountEarly: UInt64
    package let residentByteCountLate: UInt64
    package let residentByteCountMost: UInt64
    package let descriptorCountEarly: Int
    package let descriptorCountLate: Int
    package let venueHours: Double

    /// Allocators keep what they had once, so a little more is no leak; so much in half of a last
    /// life is.
    package static let growthBytesMax: UInt64 = 4 << 20
    package static let growthPartMax = 0.05
    package static let descriptorGrowthMax = 4

    /// Samples are one second of real time apart.
    package init(_ samples: [ProcessSample], factor: Int64) {
        sampleCount = samples.count
        let half = samples.count / 2
        let (early, late) = (samples.prefix(half), samples.dropFirst(half))
        residentByteCountEarly = Self.median(early.map(\.residentByteCount))
        residentByteCountLate = Self.median(late.map(\.residentByteCount))
        residentByteCountMost = samples.map(\.residentByteCount).max() ?? 0
        descriptorCountEarly = early.map(\.descriptorCount).max() ?? 0
        descriptorCountLate = late.map(\.descriptorCount).max() ?? 0
        venueHours = Double(samples.count) / 3_600 * Double(factor)
    }

    /// Between the middles of both halves.
    package var growthBytesPerVenueHour: Double {
        guard venueHours > 0 else { return 0 }
        let grown = Double(residentByteCountLate) - Double(residentByteCountEarly)
        return grown / (venueHours / 2)
    }

    package func complaints(of name: String) -> [String] {
        var complaints: [String] = []
        if sampleCount < 8 { complaints.append("the \(name) was looked at \(sampleCount) times") }
        let allowed =
            residentByteCountEarly + Self.growthBytesMax
            + UInt64(Double(residentByteCountEarly) * Self.growthPartMax)
        if residentByteCountLate > allowed {
            complaints.append(
                "the \(name)'s memory grew from \(residentByteCountEarly) to "
                    + "\(residentByteCountLate) bytes")
        }
        if descriptorCountLate > descriptorCountEarly + Self.descriptorGrowthMax {
            complaints.append(
                "the \(name)'s descriptors grew from \(descriptorCountEarly) to "
                    + "\(descriptorCountLate)")
        }
        return complaints
    }

    private static func median(_ values: [UInt64]) -> UInt64 {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
}
