/// A secret never becomes text: no interpolation of a value that is named or typed like one.
struct SecretTextRule: FileRule {
    private static let types: Set<String> = ["SecretBytes", "SigningKey", "Passphrase", "KeyStore"]
    /// Not "seed": simulations print theirs on purpose, and a key's seed has a secret type.
    private static let names: Set<String> = [
        "secret", "password", "passphrase", "privateKey", "mnemonic", "signingKey",
        "secretKey",
    ]

    func complaints(about file: SourceFile) -> [Complaint] {
        let names = Self.names.union(declared(in: file))
        return eachToken(of: file) { index, token in
            guard token.interpolationDepth > 0, token.kind == .word, names.contains(token.text),
                !isAboutIt(file, index)
            else { return nil }
            return file.complaint(
                .secretText, line: token.line, "\(token.text) would be printed",
                "print its name, its file or its public half")
        }
    }

    /// Names that this file declares with a secret type.
    private func declared(in file: SourceFile) -> [String] {
        file.tokens.indices.compactMap { index in
            guard file.token(index + 1)?.isSymbol(":", "=") == true,
                let type = file.token(index + 2), Self.types.contains(type.text)
            else { return nil }
            return file.tokens[index].text
        }
    }

    /// `key.publicKey` and `secret.count` are about the secret, not the secret.
    private func isAboutIt(_ file: SourceFile, _ index: Int) -> Bool {
        file.token(index + 1)?.isSymbol(".") == true
            && file.token(index + 2)?.isWord("publicKey", "count", "name", "path") == true
    }
}
