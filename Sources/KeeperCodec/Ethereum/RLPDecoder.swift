extension RLPItem {
    /// Strict: one item, in its one shortest form, and nothing behind it.
    package static func decode(
        _ bytes: [UInt8], limits: RLPLimits = .standard
    ) throws(RLPError) -> RLPItem {
        guard bytes.count <= limits.byteCountMax else { throw .outOfBounds(at: bytes.count) }
        var decoder = RLPDecoder(bytes: bytes, limits: limits)
        let item = try decoder.item(within: bytes.count, depth: 0)
        guard decoder.position == bytes.count else { throw .trailingBytes(at: decoder.position) }
        return item
    }
}

private struct RLPDecoder {
    let bytes: [UInt8]
    let limits: RLPLimits
    private(set) var position = 0
    private var itemCount = 0

    init(bytes: [UInt8], limits: RLPLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Reads one item that must end before `end`. Depth is bounded, so recursion is.
    mutating func item(within end: Int, depth: Int) throws(RLPError) -> RLPItem {
        guard position < end else { throw position == 0 ? .empty : .outOfBounds(at: position) }
        guard depth <= limits.depthMax else { throw .tooDeep }
        itemCount += 1
        guard itemCount <= limits.itemCountMax else { throw .tooManyItems }
        let start = position
        let head = bytes[position]
        position += 1
        switch head {
        case 0..<0x80: return .bytes([head])
        case 0x80..<0xC0:
            let payload = try payload(head, base: 0x80, within: end)
            if payload.count == 1, bytes[payload.lowerBound] < 0x80 {
                throw .notShortest(at: start)
            }
            position = payload.upperBound
            return .bytes(Array(bytes[payload]))
        default:
            let payload = try payload(head, base: 0xC0, within: end)
            var items: [RLPItem] = []
            while position < payload.upperBound {
                items.append(try item(within: payload.upperBound, depth: depth + 1))
            }
            return .list(items)
        }
    }

    /// The bytes of a string or the items of a list, which follow the head.
    private mutating func payload(
        _ head: UInt8, base: UInt8, within end: Int
    ) throws(RLPError) -> Range<Int> {
        let short = Int(head - base)
        let count = short <= 55 ? short : try longCount(byteCount: short - 55, within: end)
        guard count <= end - position else { throw .outOfBounds(at: position) }
        return position..<position + count
    }

    private mutating func longCount(byteCount: Int, within end: Int) throws(RLPError) -> Int {
        guard byteCount <= end - position else { throw .outOfBounds(at: position) }
        guard bytes[position] != 0 else { throw .notShortest(at: position) }
        var count = 0
        for _ in 0..<byteCount {
            // Nothing that we take is this long, so the shift below never overflows.
            guard count <= limits.byteCountMax else { throw .outOfBounds(at: position) }
            count = count << 8 | Int(bytes[position])
            position += 1
        }
        guard count > 55 else { throw .notShortest(at: position) }
        return count
    }
}
