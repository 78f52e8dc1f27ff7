package import KeeperCodec
import KeeperModel

extension ModelPart: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        let domain = try object.optional("domain")?.identifier(as: DomainID.self)
        let name = try object.required("name").string
        let origin = try object.required("origin")
        let law = try object.required("law").freeText
        try object.finish()
        guard let known = Origin(try origin.string) else {
            throw origin.refused("measured, assumed, or borrowed from a date")
        }
        self.init(name, known, law)
        if let domain { self = at(domain) }
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        if let domain { json.member("domain", domain.text) }
        json.member("name", name)
        json.member("origin", origin.description)
        json.member("law", law)
        json.endObject()
    }
}

extension ModelPart.Origin {
    /// Nil for a text that no origin has.
    fileprivate init?(_ text: String) {
        let borrowed = "borrowed from "
        switch text {
        case "measured": self = .measured
        case "assumed": self = .assumed
        case _ where text.hasPrefix(borrowed) && text != borrowed:
            self = .borrowed(from: String(text.dropFirst(borrowed.count)))
        default: return nil
        }
    }
}
