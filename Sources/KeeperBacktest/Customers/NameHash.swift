/// A number of a name, the same on every machine: what draws hang on.
enum NameHash {
    /// FNV-1a of 64 bits (Fowler, Noll, Vo).
    static func fnv(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
