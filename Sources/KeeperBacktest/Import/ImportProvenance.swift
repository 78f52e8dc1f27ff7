package import KeeperCodec
package import KeeperFeeds
import KeeperModel
import KeeperRuntime
import WideMath

/// Where an imported recording comes from, as its header pins it: files with their hashes, and
/// every assumption that was made on the way.
package struct ImportProvenance: Hashable, Sendable {
    package let kind: String
    /// Digits of a price behind the point; nil where there are no prices.
    package let priceDecimals: Int?
    package let spanMilliseconds: Int64
    package let delayMilliseconds: Int64
    /// What balances were multiplied with; a million where they are as they were.
    package let scalePpm: UInt64
    package let fileNames: [String]
    private let text: String
    private let lastAt: Instant

    private static let pinName = "import"

    init(kind: String, layout: ImportLayout, report: ImportReport) {
        self.kind = kind
        switch layout.content {
        case .prices(let prices): priceDecimals = prices.decimals
        case .snapshots(let snapshots): priceDecimals = snapshots.book.priceDecimals
        case .books(let form): priceDecimals = form.priceDecimals
        case .gas, .liquidations, .positions: priceDecimals = nil
        }
        if case .positions(let positions) = layout.content {
            scalePpm = positions.scalePpm
        } else {
            scalePpm = 1_000_000
        }
        spanMilliseconds = layout.span.milliseconds
        delayMilliseconds = layout.delay.milliseconds
        fileNames = report.files.map(\.name)
        lastAt = report.lastAt ?? Instant(nanoseconds: 0)
        var json = JSONWriter()
        json.beginObject()
        json.member("kind", kind)
        if let priceDecimals { json.member("priceDecimals", UInt64(priceDecimals)) }
        json.member("spanMilliseconds", spanMilliseconds)
        json.member("delayMilliseconds", delayMilliseconds)
        json.member("scalePpm", scalePpm)
        report.write(to: &json)
        json.endObject()
        text = String(decoding: json.finish(), as: UTF8.self)
    }

    /// Dated by its last row and not by a clock: the same files give the same bytes.
    func header(of domain: DomainID) -> RecordingHeader {
        RecordingHeader(
            createdAt: lastAt, build: Workplace.build, domains: [domain],
            config: PinnedText(name: Self.pinName, text: text), strategies: [],
            protocolParameters: [])
    }

    /// Nil for a recording of a run.
    package init?(_ header: RecordingHeader) throws(JSONFormError) {
        guard header.config.name == Self.pinName else { return nil }
        text = header.config.text
        lastAt = header.createdAt
        let value: JSONValue
        do {
            value = try JSONValue.parse(Array(text.utf8))
        } catch {
            throw .malformed(error)
        }
        do {
            var object = try JSONReader(value).object()
            kind = try object.required("kind").string
            priceDecimals = try object.optional("priceDecimals")?.integer(in: 0...30)
            spanMilliseconds = try object.required("spanMilliseconds").int64
            delayMilliseconds = try object.required("delayMilliseconds").int64
            scalePpm = try object.required("scalePpm").uint64
            fileNames = try object.required("files").array { file throws(JSONReadError) in
                var file = try file.object()
                return try file.required("name").freeText
            }
        } catch {
            throw .unexpected(error)
        }
    }

    /// The same, with what is wrong said of a file.
    static func read(
        _ header: RecordingHeader, path: String
    ) throws(KeeperStop) -> ImportProvenance? {
        do {
            return try ImportProvenance(header)
        } catch {
            throw KeeperStop(.recording, "\(path): says not what was imported: \(error)")
        }
    }

    /// What a result says about it.
    package var part: ModelPart {
        let scale = scalePpm == 1_000_000 ? "" : ", every balance times \(scalePpm) millionths"
        return ModelPart(
            kind, .measured,
            fileNames.joined(separator: ", ") + ", spans of \(spanMilliseconds) ms, known "
                + "\(delayMilliseconds) ms after their end\(scale)")
    }
}
