/// A request and its end, as the transport saw it. Request headers are left out: they carry
/// signatures and keys.
package struct RawExchange: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case reply(status: UInt16, body: [UInt8])
        /// No whole reply: reset, timeout, refused connection.
        case failure(reason: String)
    }

    package let method: String
    package let path: String
    package let result: Result

    package init(method: String, path: String, result: Result) {
        self.method = method
        self.path = path
        self.result = result
    }
}

extension RawExchange: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let method = try object.freeText("method")
        let path = try object.freeText("path")
        if let failure = object.optional("failure") {
            self.init(method: method, path: path, result: .failure(reason: try failure.freeText))
        } else {
            let status: UInt16 = try object.integer("status")
            let body = try Self.body(&object)
            self.init(method: method, path: path, result: .reply(status: status, body: body))
        }
        try object.finish()
    }

    private static func body(_ object: inout ObjectReader) throws(JSONReadError) -> [UInt8] {
        if let text = object.optional("body") { return Array(try text.freeText.utf8) }
        let encoded = try object.required("bodyBase64")
        do {
            return try Base64.decode(try encoded.freeText)
        } catch let error as JSONReadError {
            throw error
        } catch {
            throw encoded.refused("Base64")
        }
    }

    /// A body that is text stays readable as text; anything else goes in Base64.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("method", method)
        json.member("path", path)
        switch result {
        case .reply(let status, let body):
            json.member("status", UInt64(status))
            if let text = String(validating: body, as: UTF8.self) {
                json.member("body", text)
            } else {
                json.member("bodyBase64", Base64.encode(body))
            }
        case .failure(let reason): json.member("failure", reason)
        }
        json.endObject()
    }
}
