/// An error of a node.
package struct RPCFailure: Error, Equatable, Sendable {
    package let code: Int64
    package let message: String
    /// What a reverted call returned, wherever the node hid it.
    package let revertData: [UInt8]?

    package init(code: Int64, message: String, revertData: [UInt8]? = nil) {
        self.code = code
        self.message = message
        self.revertData = revertData
    }

    init(_ reader: JSONReader) throws(JSONReadError) {
        var object = try reader.object()
        let code = try object.required("code").int64
        let message = try object.required("message").freeText
        self.init(
            code: code, message: message, revertData: Self.revertData(object.optional("data")))
    }

    /// The data themselves, data inside of data, or a text such as `Reverted 0x…`. Anything else
    /// is something that the node wanted to say to people.
    private static func revertData(_ reader: JSONReader?) -> [UInt8]? {
        switch reader?.value {
        case .string(let text)?:
            let hex = text.hasPrefix("Reverted ") ? String(text.dropFirst(9)) : text
            // Text that is no hex is not data.
            return try? Hex.decode(hex, prefix: .required)
        case .object(let members)?:
            guard case .string(let text)? = members.first(where: { $0.key == "data" })?.value
            else { return nil }
            // Nor is text inside of an object.
            return try? Hex.decode(text, prefix: .required)
        default: return nil
        }
    }

    package var errorClass: RPCErrorClass {
        RPCErrorClass(code: code, message: message)
    }

    /// Nil where the call did not revert.
    package var revertReason: RevertReason? {
        guard errorClass == .reverted else { return nil }
        return RevertReason(returnData: revertData ?? [])
    }
}

/// What an error means for whoever asked. Nodes agree on neither codes nor texts, and one code
/// carries many classes, so a stable piece of the text decides and the code only where no text does
/// (`protocols.md` E4).
package enum RPCErrorClass: String, Hashable, Sendable, CaseIterable {
    case nonceTooLow = "nonce_too_low"
    case nonceTooHigh = "nonce_too_high"
    case alreadyKnown = "already_known"
    case replacementUnderpriced = "replacement_underpriced"
    case underpriced
    case feeCapBelowBase = "fee_cap_below_base"
    case badFeeParameters = "bad_fee_params"
    case insufficientFunds = "insufficient_funds"
    case insufficientFundsForGas = "insufficient_funds_for_gas"
    case gasTooLow = "gas_too_low"
    case gasLimitTooHigh = "gas_limit_too_high"
    case reverted
    case rateLimited = "rate_limited"
    case rangeTooLarge = "range_too_large"
    case blockUnavailable = "block_unavailable"
    case timeout
    case tooBig = "too_big"
    case batchTooLarge = "batch_too_large"
    case queryError = "query_error"
    case methodMissing = "method_missing"
    case policy
    case poolFull = "pool_full"
    case other

    package init(code: Int64, message: String) {
        let text = message.lowercased()
        // What follows these words was written by a contract, and may say anything.
        if code == 3 || text.hasPrefix("execution reverted") || text.hasPrefix("reverted 0x") {
            self = .reverted
            return
        }
        let named = textsOfClasses.first { entry in
            entry.texts.contains { contains(text, $0) }
        }
        self = named?.errorClass ?? classesOfCodes[code] ?? .other
    }
}

/// A transaction that is unknown is not one that is known.
private func contains(_ text: String, _ piece: String) -> Bool {
    text.contains(piece) && !(piece == "known transaction" && text.contains("unknown transaction"))
}

/// In this order: a longer text before a shorter one that it holds, and what a node says of its own
/// limits last, because every class has limits.
private let textsOfClasses: [(errorClass: RPCErrorClass, texts: [String])] = [
    (.nonceTooLow, ["nonce too low"]),
    (.nonceTooHigh, ["nonce too high", "gapped-nonce tx from delegated accounts"]),
    (.alreadyKnown, ["already known", "alreadyknown", "known transaction"]),
    (
        .replacementUnderpriced,
        ["replacement transaction underpriced", "replacement_underpriced"]
    ),
    (.underpriced, ["transaction underpriced", "transaction gas price below minimum"]),
    (.feeCapBelowBase, ["max fee per gas less than block base fee"]),
    (.badFeeParameters, ["max priority fee per gas higher than max fee per gas"]),
    (
        .insufficientFunds,
        ["insufficient funds for gas * price + value", "insufficient funds for transfer"]
    ),
    (.insufficientFundsForGas, ["gas required exceeds allowance"]),
    (.gasTooLow, ["intrinsic gas too low", "insufficient gas for floor data gas cost"]),
    (.gasLimitTooHigh, ["exceeds block gas limit", "transaction gas limit too high"]),
    (
        .poolFull,
        ["txpool is full", "account limit exceeded", "in-flight transaction limit reached"]
    ),
    (
        .policy,
        ["only replay-protected (eip-155) transactions", "exceeds the configured cap"]
    ),
    (.batchTooLarge, ["batch too large"]),
    (
        .blockUnavailable,
        [
            "header not found", "unknown block", "missing trie node", "block not found",
            "invalid block range", "no backend is currently healthy",
        ]
    ),
    (
        .rangeTooLarge,
        [
            "query returned more than", "log response size exceeded", "block range",
            "limited to a",
        ]
    ),
    (.timeout, ["request timed out", "execution timeout"]),
    (.tooBig, ["response too large"]),
    (.methodMissing, ["does not exist/is not available", "method not found"]),
    (.reverted, ["execution reverted"]),
    (.rateLimited, ["limit exceeded", "rate limit", "too many requests", "compute units"]),
]

private let classesOfCodes: [Int64: RPCErrorClass] = [
    1: .nonceTooLow, 1_000: .alreadyKnown, -32_002: .timeout, -32_003: .tooBig,
    -32_005: .rateLimited, -32_015: .reverted, -32_029: .rateLimited, -32_601: .methodMissing,
    -38_010: .nonceTooLow, -38_011: .nonceTooHigh, -38_012: .feeCapBelowBase,
    -38_013: .gasTooLow, -38_014: .insufficientFunds, -38_015: .gasLimitTooHigh,
]
