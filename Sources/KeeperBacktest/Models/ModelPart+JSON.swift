package import KeeperCodec

extension ModelPart {
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("name", name)
        json.member("origin", origin.description)
        json.member("law", law)
        json.endObject()
    }
}
