import KeeperCodec
package import KeeperFeeds
package import KeeperModel
package import KeeperRuntime
import VenueSimulator
import WideMath

/// An imported recording of the order books of one asset.
package struct RecordedBooks {
    package let path: String
    private let reader: RecordingReader
    private let provenance: ImportProvenance
    let firstAt: Instant
    let lastAt: Instant

    package init(path: String, reader: RecordingReader) throws(KeeperStop) {
        self.path = path
        self.reader = reader
        guard let provenance = try ImportProvenance.read(reader.header, path: path),
            let first = reader.frames.first?.header.firstAvailableAt,
            let last = reader.frames.last?.header.lastAvailableAt
        else {
            throw KeeperStop(
                .recording, "\(path): is no import of order books; 'import books' makes one")
        }
        self.provenance = provenance
        (firstAt, lastAt) = (first, last)
    }

    var fileNames: String { provenance.fileNames.joined(separator: ", ") }

    /// Of which days it is.
    var dates: String {
        let days = [firstAt, lastAt].map { UTCText.text($0).prefix(10) }
        return days[0] == days[1] ? "\(days[0])" : "\(days[0]) to \(days[1])"
    }

    /// Whose books, which has to be somebody at the stage, priced as the stage prices.
    func asset(of scenario: Scenario) throws(KeeperStop) -> AssetID {
        if let decimals = provenance.priceDecimals, decimals != scenario.quote.decimals {
            throw KeeperStop(
                .recording,
                "\(path): its prices have \(decimals) decimals, and \(scenario.quote.asset) of the "
                    + "scenario has \(scenario.quote.decimals)")
        }
        var books = self.books
        guard let asset = try books.next()?.book.asset,
            scenario.assets.contains(where: { $0.description.asset == asset })
        else {
            let names = scenario.assets.map(\.description.asset.text).joined(separator: ", ")
            throw KeeperStop(
                .recording, "\(path): has books of no asset of the scenario, which has \(names)")
        }
        return asset
    }

    var books: Books { Books(source: EventSource(reader, path: path), path: path) }

    /// One book after another.
    struct Books {
        fileprivate var source: EventSource
        fileprivate let path: String

        mutating func next() throws(KeeperStop) -> (at: Instant, book: DepthBook)? {
            guard let event = try source.next() else { return nil }
            guard case .depthPublished(let books) = event.body, let book = books.first,
                books.count == 1, book.middle > 0
            else {
                throw KeeperStop(
                    .recording, "\(path): event \(event.sequence) is no order book of one asset")
            }
            return (event.receivedAt, book)
        }
    }
}

extension DepthBook {
    /// Half way between the best bid and the best ask, rounded down; 0 where a side is empty.
    package var middle: UInt64 {
        guard let bid = bids.first?.price, let ask = asks.first?.price else { return 0 }
        return bid / 2 + ask / 2 + (bid & ask & 1)
    }

    func moved(to price: UInt64) -> DepthBook {
        BookState(recorded: self, aroundPrice: middle).book(atPrice: price)
    }
}

/// Books of the time of the prices, each from when it was known.
struct MeasuredBooks {
    let file: String
    private var books: RecordedBooks.Books
    private var coming: (at: Instant, book: DepthBook)?
    private var newest: (at: Instant, book: DepthBook)?
    static let ageMax = TimeSpan.seconds(600)

    init(_ recording: RecordedBooks) throws(KeeperStop) {
        file = recording.fileNames
        books = recording.books
        coming = try books.next()
    }

    /// Nil where the newest book is too old to say anything of now.
    mutating func book(
        now: Instant, atPrice price: UInt64, toldAt: Instant?
    ) throws(KeeperStop) -> DepthBook? {
        while let next = coming, next.at <= now {
            newest = next
            coming = try books.next()
        }
        guard let newest, now - newest.at <= Self.ageMax else { return nil }
        // A price that was told after the book says where the book has gone since.
        guard let toldAt, toldAt > newest.at else { return newest.book }
        return newest.book.moved(to: price)
    }
}

/// Books of another time, the thickest first.
struct BorrowedBooks {
    let file: String
    let dates: String
    private let books: [DepthBook]
    /// More say nothing more, and have to be held: of a longer recording every second is kept,
    /// every fourth and so on.
    private static let countMax = 256

    init(_ recording: RecordedBooks) throws(KeeperStop) {
        file = recording.fileNames
        dates = recording.dates
        var source = recording.books
        var kept: [DepthBook] = []
        var (number, step) = (0, 1)
        while let (_, book) = try source.next() {
            if number % step == 0 { kept.append(book) }
            number += 1
            guard kept.count == Self.countMax else { continue }
            kept = kept.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            step *= 2
        }
        // By what sells within one part in a hundred of the middle; ties in the order of time.
        books = kept.enumerated().sorted {
            let (left, right) = ($0.element.nearBids, $1.element.nearBids)
            return left != right ? left > right : $0.offset < $1.offset
        }.map(\.element)
    }

    var count: Int { books.count }

    /// From the thickest at a draw of a half to the thinnest at one and a half, which is also where
    /// stress is most.
    func book(atPrice price: UInt64, drawPpm: UInt64) -> DepthBook? {
        let part = min(max(drawPpm, 500_000), 1_500_000) - 500_000
        let place = Int(part) * max(0, books.count - 1) / 1_000_000
        return books.indices.contains(place) ? books[place].moved(to: price) : nil
    }
}

extension DepthBook {
    fileprivate var nearBids: UInt256 {
        let least = middle - middle / 100
        return bids.prefix { $0.price >= least }.reduce(.zero) { $0 + $1.quantity }
    }
}
