// All house rules over all files. HACKING.md says why; this says where.

package enum Tidy {
    private static let fileRules: [any FileRule] = [
        ImportRule(), PurityRule(), UnorderedRule(), TrapRule(), UncheckedRule(), NamingRule(),
        SecretTextRule(), WriteDoorRule(), LeftoverRule(),
    ]

    /// Sorted by file and line; empty when the house is tidy.
    package static func complaints(about files: [TextFile], ratchet: Ratchet) -> [Complaint] {
        let sources = files.filter(\.isSwift).map { SourceFile($0) }
        let manifest = sources.first { $0.place == .manifest }
        var complaints = DeadFileRule().complaints(about: files, manifest: manifest)
        complaints += ratchet.complaints(about: sources.flatMap { SizeRule().excesses(in: $0) })
        var unchecked: [Complaint] = []
        for source in sources {
            let found = fileRules.flatMap { $0.complaints(about: source) }
            let (allowances, badlyWritten) = Allowance.read(source)
            unchecked += found.filter { complaint in
                complaint.rule == .unchecked && allowances.contains { $0.covers(complaint) }
            }
            complaints += badlyWritten + Allowance.apply(allowances, to: found, of: source)
        }
        // The first three keep their permission, in the order of the files.
        complaints += unchecked.sorted().dropFirst(Allowance.uncheckedMax)
        // The same complaint about the same line is said once.
        return Set(complaints).sorted()
    }

    /// For one file of a sample; no manifest, no other files, no exceptions.
    static func complaints(about file: TextFile) -> [Complaint] {
        complaints(about: [file], ratchet: .empty).filter { $0.rule != .deadFile }
    }
}
