package import KeeperModel

extension StrategyRecord: JSONForm {
    package init(_ json: JSONReader) throws(JSONReadError) {
        var object = try json.object()
        self.init(
            run: StrategyRun(
                try object.value("strategy"), version: try object.uint64("strategyVersion")),
            wonCount: try object.uint64("wonCount"))
        try object.finish()
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("strategy", run.name)
        json.member("strategyVersion", run.version)
        json.member("wonCount", wonCount)
        json.endObject()
    }
}
