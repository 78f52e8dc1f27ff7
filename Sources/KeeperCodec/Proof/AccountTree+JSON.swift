/// Roots and paths as venues publish them.

extension AccountNode {
    /// The members of an object: `hash` and `totals`.
    init(_ object: inout ObjectReader) throws(JSONReadError) {
        self.init(
            hash: try object.required("hash").bytes(count: 32), totals: try object.value("totals"))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.key("hash")
        json.hex(hash)
        json.member("totals", totals)
    }
}

extension AccountNode: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        try self.init(&object)
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
    }
}

extension AccountPathStep: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let isLeft = try object.required("side").choice(["left": true, "right": false])
        self.init(sibling: try AccountNode(&object), isLeft: isLeft)
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("side", isLeft ? "left" : "right")
        sibling.writeMembers(to: &json)
        json.endObject()
    }
}

/// What a snapshot says of itself: with the salt everybody who has the accounts builds the tree.
package struct PublishedRoot: Hashable, Sendable, JSONForm {
    package let salt: [UInt8]
    package let root: AccountNode

    package init(salt: [UInt8], root: AccountNode) {
        self.salt = salt
        self.root = root
    }

    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        salt = try object.required("salt").bytes(count: 32)
        root = try object.value("root")
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("salt")
        json.hex(salt)
        json.member("root", root)
        json.endObject()
    }
}
