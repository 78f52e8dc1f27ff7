/// What became of one call.
package enum RPCOutcome: Equatable, Sendable {
    /// Null stands for «there is none», such as a transaction that was not mined yet.
    case result(JSONValue)
    case failure(RPCFailure)
}

/// What a node answered with.
package struct RPCReply: Equatable, Sendable {
    /// By the number of the call; answers come in any order.
    package let outcomes: [UInt64: RPCOutcome]
    /// Set where the node refused the whole body: an answer without a number.
    package let rejection: RPCFailure?

    /// A single answer or a batch of them. Two answers of one number, or an answer to nothing that
    /// was asked, is a node that cannot be believed.
    package init(
        _ bytes: [UInt8], asked ids: Set<UInt64>, limits: JSONLimits = .standard
    ) throws(RPCReplyError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes, limits: limits)
        } catch {
            throw .notJSON(error)
        }
        do {
            let reader = JSONReader(value)
            if case .array = value {
                let answers = try reader.array(countMax: ids.count)
                outcomes = try Self.outcomes(answers, asked: ids)
                rejection = nil
                return
            }
            let (id, outcome) = try Self.answer(reader)
            if id == nil, case .failure(let failure) = outcome {
                (outcomes, rejection) = ([:], failure)
                return
            }
            outcomes = try Self.outcomes([reader], asked: ids)
            rejection = nil
        } catch {
            throw .malformed(error)
        }
    }

    private static func outcomes(
        _ answers: [JSONReader], asked ids: Set<UInt64>
    ) throws(JSONReadError) -> [UInt64: RPCOutcome] {
        var outcomes: [UInt64: RPCOutcome] = [:]
        for answer in answers {
            let (id, outcome) = try self.answer(answer)
            guard let id, ids.contains(id), outcomes[id] == nil else {
                throw answer.refused("one answer for each call, by its number")
            }
            outcomes[id] = outcome
        }
        return outcomes
    }

    private static func answer(
        _ reader: JSONReader
    ) throws(JSONReadError) -> (id: UInt64?, outcome: RPCOutcome) {
        var object = try reader.object()
        _ = try object.required("jsonrpc").choice(["2.0": ()])
        let number = try object.required("id")
        let id = number.isNull ? nil : try number.uint64
        let result = object.optional("result")
        // Some nodes send both, one of them null.
        guard let error = object.optional("error"), !error.isNull else {
            guard let result else { throw reader.refused("a result or an error") }
            return (id, .result(result.value))
        }
        guard result?.isNull ?? true else { throw reader.refused("a result or an error") }
        return (id, .failure(try RPCFailure(error)))
    }
}

package enum RPCReplyError: Error, Equatable, Sendable {
    case notJSON(JSONError)
    case malformed(JSONReadError)
}
