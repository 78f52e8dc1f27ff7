/// Arrows point down: a room imports what its row in the table allows, Foundation almost nowhere.
struct ImportRule: FileRule {
    func complaints(about file: SourceFile) -> [Complaint] {
        guard case .room(let name) = file.place else { return [] }
        guard let room = file.room else {
            return [
                file.complaint(
                    .imports, line: 1, "the room \(name) is not in the house's table",
                    "give it a row in Sources/HouseRules/RoomTable.swift")
            ]
        }
        let allowed = RoomTable.allowedImports(of: room)
        return imports(in: file).filter { !allowed.contains($0.text) }.map { module in
            file.complaint(
                .imports, line: module.line, "\(name) imports \(module.text)", advice(module.text))
        }
    }

    private func imports(in file: SourceFile) -> [Token] {
        file.tokens.indices.compactMap { index in
            guard file.tokens[index].isWord("import"), file.isFree(index),
                var module = file.token(index + 1), module.kind == .word
            else { return nil }
            // "import struct Module.Type" names the module second.
            if module.isWord(
                "struct", "class", "enum", "protocol", "func", "let", "var", "typealias"),
                let second = file.token(index + 2)
            {
                module = second
            }
            return module
        }
    }

    private func advice(_ module: String) -> String {
        module == "Foundation" || module == "FoundationEssentials"
            ? "do without it here; Foundation belongs to the assembly rooms and tools"
            : "move the code to a room that may, or change ARCHITECTURE.md and the table together"
    }
}
