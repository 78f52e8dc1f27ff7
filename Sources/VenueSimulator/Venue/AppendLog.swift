/// What is only ever added to, in pages: a venue is a value that is copied to try something on it,
/// and the next entry then costs a page and not all that ever happened.
package struct AppendLog<Element: Sendable>: RandomAccessCollection, Sendable {
    private var full: [[Element]] = []
    private var newest: [Element] = []

    private static var pageCount: Int { 256 }

    package init() {}

    package var startIndex: Int { 0 }
    package var endIndex: Int { full.count * Self.pageCount + newest.count }

    package subscript(position: Int) -> Element {
        let (page, place) = position.quotientAndRemainder(dividingBy: Self.pageCount)
        return page < full.count ? full[page][place] : newest[place]
    }

    package mutating func append(_ element: Element) {
        newest.append(element)
        guard newest.count == Self.pageCount else { return }
        full.append(newest)
        newest = []
    }
}
