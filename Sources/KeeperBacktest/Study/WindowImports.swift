import FoundationEssentials
import KeeperFeeds
import KeeperModel
import Synchronization

/// The recordings of a study's windows: made when the first row of a window wants them, gone when
/// its last row is done.
final class WindowImports: Sendable {
    private struct Window {
        var paths: [String] = []
        var rowsLeft: Int
    }

    private let data: String
    private let scratch: String
    private let windows: Mutex<[String: Window]>
    /// Of all windows: made once, and kept for as long as the study lasts.
    private let books: [StudyPlan.Import]
    private let bookPaths = Mutex<[String]>([])

    /// Of each window so many rows are wanted.
    init(data: String, scratch: String, books: [StudyPlan.Import], rowCounts: [String: Int]) {
        self.data = data
        self.scratch = scratch
        self.books = books
        windows = Mutex(rowCounts.mapValues { Window(rowsLeft: $0) })
    }

    /// Readers of the window's recordings. One window is imported at a time, so that no two rows
    /// make the same one.
    func open(_ window: StudyPlan.Window) throws -> [(path: String, reader: RecordingReader)] {
        let paths = try windows.withLock { windows in
            if let made = windows[window.name]?.paths, !made.isEmpty { return made }
            let name = String(ReportHead.hash(window.name).prefix(16))
            let paths = try make(window.imports, named: name)
            windows[window.name]?.paths = paths
            return paths
        }
        return try paths.map { ($0, try RecordingReader(path: $0)) }
    }

    /// Recordings of the order books that all windows sell into.
    func openBooks() throws -> [String] {
        try bookPaths.withLock { paths in
            if paths.isEmpty { paths = try make(books, named: "books") }
            return paths
        }
    }

    /// A row of the window is done.
    func close(_ window: StudyPlan.Window) {
        windows.withLock { windows in
            windows[window.name]?.rowsLeft -= 1
            guard windows[window.name]?.rowsLeft == 0 else { return }
            Self.remove(windows[window.name]?.paths ?? [])
        }
    }

    /// The study is over.
    func end() {
        bookPaths.withLock { paths in
            Self.remove(paths)
            paths = []
        }
    }

    private static func remove(_ paths: [String]) {
        // They are made anew whenever they are wanted; what stays behind harms nobody.
        for path in paths { try? FileManager.default.removeItem(atPath: path) }
    }

    private func make(_ imports: [StudyPlan.Import], named name: String) throws -> [String] {
        var paths: [String] = []
        for (number, one) in imports.enumerated() {
            guard let layout = one.kind.layout(one.wish) else {
                preconditionFailure("A study file names only kinds that have a layout")
            }
            let path = "\(scratch)/\(name)-\(number).bailiff"
            _ = try Importer(kind: one.kind, layout: layout).run(
                one.files.map { "\(data)/\($0)" }, to: path)
            paths.append(path)
        }
        return paths
    }
}
