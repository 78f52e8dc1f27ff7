/// What a venue signs of a settlement: the hash of its record, which names the one before it, so
/// that one signature stands for everything up to there.
package enum SettlementSigningText {
    /// Of a hash as it is published: `0x` and 64 hex digits.
    package static func bytes(hash: String) -> [UInt8] {
        Array("bailiff-settlement-1\n\(hash)\n".utf8)
    }
}
