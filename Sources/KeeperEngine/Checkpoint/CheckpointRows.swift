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
        try required(name).array { (element) throws(JSONReadError) in
            var object = try element.object()
            let row = try read(&object)
            try object.finish()
            return row
        }
    }

    /// Rows that are kept by a name, of which each may come once.
    mutating func table<Key: Hashable, Value>(
        _ name: String, _ read: (inout ObjectReader) throws(JSONReadError) -> (Key, Value)
    ) throws(JSONReadError) -> [Key: Value] {
        let array = try required(name)
        let rows = try array.array { (element) throws(JSONReadError) in
            var object = try element.object()
            let row = try read(&object)
            try object.finish()
            return row
        }
        let table = Dictionary(rows) { first, _ in first }
        guard table.count == rows.count else { throw array.refused("each name once") }
        return table
    }
}
