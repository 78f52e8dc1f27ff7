import CKernels

/// How a scan is done. The three that use floats agree to the bit; the one in whole numbers has a
/// bound of its own. What is found to be below its line is the same with all of them, because the
/// exact rule says it.
package enum ScanKernel: String, Hashable, Sendable, CaseIterable {
    /// The widest that the processor has.
    case best
    case plain
    case avx2
    case avx512
    case integers

    /// Nil where the processor cannot.
    var level: UInt32? {
        let most = ck_level()
        return switch self {
        case .best: most
        case .plain, .integers: 0
        case .avx2: most >= 1 ? 1 : nil
        case .avx512: most >= 2 ? 2 : nil
        }
    }
}
