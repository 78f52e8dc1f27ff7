import KeeperCodec

/// Objects side by side in an array: how everything that is kept by name is written.
extension JSONWriter {
    mutating func rows<Row>(
        _ name: String, _ rows: [Row], _ write: (Row, inout JSONWriter) -> Void
    ) {
        key(name)
        beginArray()
        for row in rows {
            beginObject()
            write(row, &self)
            endObject()
        }
        endArray()
    }
}

extension ObjectReader {
    mutating func rows<Row>(
        _ name: String, _ read: (inout ObjectReader) throws(JSONReadError) -> Row
    ) throws(JSONReadError) -> [Row] {
        try required(name).rows(read)
    }

    /// None where an earlier form says nothing of them.
    mutating func rowsIfPresent<Row>(
        _ name: String, _ read: (inout ObjectReader) throws(JSONReadError) -> Row
    ) throws(JSONReadError) -> [Row] {
        guard let array = optional(name) else { return [] }
        return try array.rows(read)
    }

    /// Rows that are kept by a name, of which each may come once.
    mutating func table<Key: Hashable, Value>(
        _ name: String, _ read: (inout ObjectReader) throws(JSONReadError) -> (Key, Value)
    ) throws(JSONReadError) -> [Key: Value] {
        let array = try required(name)
        let rows = try array.rows(read)
        let table = Dictionary(rows) { first, _ in first }
        guard table.count == rows.count else { throw array.refused("each name once") }
        return table
    }
}

extension JSONReader {
    fileprivate func rows<Row>(
        _ read: (inout ObjectReader) throws(JSONReadError) -> Row
    ) throws(JSONReadError) -> [Row] {
        try array { (element) throws(JSONReadError) in
            var object = try element.object()
            let row = try read(&object)
            try object.finish()
            return row
        }
    }
}
