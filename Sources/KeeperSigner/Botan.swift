// The few Botan objects that signing needs, each freed once. A code other than success is a bug or
// an exhausted machine, unless the caller says that it is an answer.

import CBotan

enum Botan {
    static func check(_ code: Int32, _ call: StaticString) {
        precondition(code == 0, "\(call): \(String(cString: botan_error_description(code)))")
    }

    /// From the operating system's generator.
    static func fillRandom(_ bytes: UnsafeMutableRawBufferPointer) {
        var generator: botan_rng_t?
        check(botan_rng_init(&generator, "system"), "botan_rng_init")
        defer { botan_rng_destroy(generator) }
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        check(botan_rng_get(generator, start, bytes.count), "botan_rng_get")
    }
}
