import Foundation
import Synchronization

/// Waits, on the thread that a command runs on, for work that waits for processes.
func blocking<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
) throws -> Value {
    let outcome = Outcome<Value>()
    let done = DispatchSemaphore(value: 0)
    Task {
        do {
            outcome.leave(.success(try await work()))
        } catch {
            outcome.leave(.failure(error))
        }
        done.signal()
    }
    done.wait()
    return try outcome.take()
}

private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func leave(_ result: Result<Value, any Error>) {
        self.result.withLock { $0 = result }
    }

    func take() throws -> Value {
        guard let result = result.withLock({ $0 }) else {
            preconditionFailure("Work that signals has left what came of it")
        }
        return try result.get()
    }
}
