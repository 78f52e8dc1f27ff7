/// A picture under way. Colours and fonts are the page's: shapes name classes, so that light, dark
/// and paper differ in the style sheet alone.
struct SVGDrawing {
    let width: Double
    let height: Double
    private var body = ""

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    enum Anchor: String {
        case start, middle, end
    }

    mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String
    ) {
        body +=
            "<line x1=\"\(Self.text(x1))\" y1=\"\(Self.text(y1))\" x2=\"\(Self.text(x2))\""
            + " y2=\"\(Self.text(y2))\" class=\"\(name)\"/>"
    }

    mutating func rect(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, class name: String,
        title: String? = nil
    ) {
        let shape =
            "<rect x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" width=\"\(Self.text(width))\""
            + " height=\"\(Self.text(max(0, height)))\" class=\"\(name)\""
        body += Self.closed(shape, "rect", title)
    }

    mutating func circle(
        _ x: Double, _ y: Double, radius: Double, class name: String, title: String? = nil
    ) {
        let shape =
            "<circle cx=\"\(Self.text(x))\" cy=\"\(Self.text(y))\" r=\"\(Self.text(radius))\""
            + " class=\"\(name)\""
        body += Self.closed(shape, "circle", title)
    }

    mutating func path(
        _ points: [(x: Double, y: Double)], class name: String, isClosed: Bool = false
    ) {
        guard let first = points.first else { return }
        var data = "M\(Self.text(first.x)) \(Self.text(first.y))"
        for point in points.dropFirst() {
            data += "L\(Self.text(point.x)) \(Self.text(point.y))"
        }
        body += "<path d=\"\(data)\(isClosed ? "Z" : "")\" class=\"\(name)\"/>"
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor, class name: String
    ) {
        body +=
            "<text x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" text-anchor=\"\(anchor.rawValue)\""
            + " class=\"\(name)\">\(HTMLText.escaped(text))</text>"
    }

    /// Says in words what it shows, for those who do not see it.
    func svg(title: String, description: String) -> String {
        "<svg viewBox=\"0 0 \(Self.text(width)) \(Self.text(height))\" role=\"img\""
            + " aria-label=\"\(HTMLText.escaped(title + ". " + description))\">"
            + body + "</svg>"
    }

    /// Tenths of a pixel are as fine as it gets.
    static func text(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e6 else { return "0" }
        let tenths = Int((value * 10).rounded())
        let (whole, tenth) = (tenths.magnitude / 10, tenths.magnitude % 10)
        return (tenths < 0 ? "-" : "") + "\(whole)" + (tenth == 0 ? "" : ".\(tenth)")
    }

    private static func closed(_ shape: String, _ element: String, _ title: String?) -> String {
        guard let title else { return shape + "/>" }
        return "\(shape)><title>\(HTMLText.escaped(title))</title></\(element)>"
    }
}
