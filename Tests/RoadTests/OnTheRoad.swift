import Dispatch
import Synchronization
import Testing

extension Trait where Self == OnTheRoad {
    /// For tests that mostly wait for processes, whose clocks do not wait for tests.
    static var onTheRoad: Self { OnTheRoad() }
}

/// Such tests run on threads of their own: behind hundreds of tests that compute, a scenario would
/// be over before its test looks at it again. They run side by side, but not so many that on two
/// cores a keeper's first price is old before the keeper gets its turn.
struct OnTheRoad: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await RoadPlaces.shared.take()
        defer { RoadPlaces.shared.give() }
        try await withTaskExecutorPreference(RoadExecutor.shared) { try await function() }
    }
}

private final class RoadExecutor: TaskExecutor {
    static let shared = RoadExecutor()
    private let queue = DispatchQueue(label: "road", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

private final class RoadPlaces: Sendable {
    static let shared = RoadPlaces()

    private struct State {
        var freeCount = 4
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.freeCount > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.freeCount -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func give() {
        let next = state.withLock { state in
            guard state.waiting.isEmpty else { return Optional(state.waiting.removeFirst()) }
            state.freeCount += 1
            return nil
        }
        next?.resume()
    }
}
