import Foundation

/// `bailiff-dev mutants`: plants known bugs in a copy of the checkout, one at a time, and expects
/// the simulation to find each. What finds no bug that is there proves nothing.
func runMutantsCommand(_ arguments: [String]) -> ExitCode {
    do {
        let request = try MutantsRequest(arguments)
        let all = try Mutation.list(in: "Mutations/mutations.json")
        let chosen = try request.chosen(of: all)
        let checkout = try MutantCheckout(
            of: URL(filePath: FileManager.default.currentDirectoryPath))
        var hunt = MutantHunt(checkout: checkout, seeds: request.seeds, isKept: request.isKept)
        try hunt.checkUnmutated()
        for mutation in chosen { try hunt.hunt(mutation) }
        print("\(hunt.caughtCount) of \(chosen.count) planted bugs were caught")
        return hunt.caughtCount == chosen.count ? .success : .mismatch
    } catch let error as MutantsUsage {
        printError("bailiff-dev mutants: \(error.text)")
        return .usage
    } catch {
        printError("bailiff-dev mutants: \(error)")
        return .failure
    }
}

private struct MutantsUsage: Error {
    let text: String
}

private struct MutantsRequest {
    /// Empty: all of them.
    private var names: [String] = []
    private(set) var seeds = "1..200"
    /// The one planted bug stays in the copy, to be looked at.
    private(set) var isKept = false

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--keep": isKept = true
            case "--seeds":
                guard let range = rest.popFirst() else {
                    throw MutantsUsage(text: "--seeds needs A..B")
                }
                seeds = range
            case let name where !name.hasPrefix("--"): names.append(name)
            default: throw MutantsUsage(text: "unknown option '\(word)'")
            }
        }
        guard !isKept || names.count == 1 else {
            throw MutantsUsage(text: "--keep is for one NAME")
        }
    }

    func chosen(of all: [Mutation]) throws -> [Mutation] {
        if let unknown = names.first(where: { name in !all.contains { $0.name == name } }) {
            throw MutantsUsage(
                text: "no planted bug '\(unknown)'; there are "
                    + all.map(\.name).joined(separator: ", "))
        }
        return all.filter { names.isEmpty || names.contains($0.name) }
    }
}

private struct MutantHunt {
    let checkout: MutantCheckout
    let seeds: String
    let isKept: Bool
    private(set) var caughtCount = 0

    init(checkout: MutantCheckout, seeds: String, isKept: Bool) {
        self.checkout = checkout
        self.seeds = seeds
        self.isKept = isKept
    }

    /// Without a bug the same seeds must pass, or a find says nothing.
    func checkUnmutated() throws {
        guard try checkout.build(named: "unmutated") else {
            throw MutationError("the unmutated copy does not compile")
        }
        let end = try checkout.simulate(seeds, named: "unmutated")
        guard end.status == ExitCode.success.rawValue else {
            throw MutationError("the unmutated copy fails:\n\(end.output)")
        }
        tell("unmutated", "passes \(end.output.split(separator: "\n").last ?? "")")
    }

    mutating func hunt(_ mutation: Mutation) throws {
        let original = try checkout.text(of: mutation.file)
        try checkout.write(mutation.applied(to: original), to: mutation.file)
        defer {
            // The next run brings the file back where this fails.
            if !isKept { try? checkout.write(original, to: mutation.file) }
        }
        guard try checkout.build(named: mutation.name) else {
            return tell(mutation.name, "NOT CAUGHT: it does not compile")
        }
        let end = try checkout.simulate(seeds, named: mutation.name)
        guard end.status == ExitCode.mismatch.rawValue else {
            let how = end.status.map { "status \($0)" } ?? "a signal"
            return tell(mutation.name, "NOT CAUGHT (\(how)): \(mutation.breaks)")
        }
        caughtCount += 1
        let lines = end.output.split(separator: "\n")
        let find = lines.first { $0.hasPrefix("seed ") } ?? "at some seed"
        tell(mutation.name, "caught at \(find)")
    }

    private func tell(_ name: String, _ verdict: String) {
        print(name.padding(toLength: 22, withPad: " ", startingAt: 0) + verdict)
        // Each line is worth minutes, so a pipe shows it when it is there.
        fflush(nil)
    }
}
