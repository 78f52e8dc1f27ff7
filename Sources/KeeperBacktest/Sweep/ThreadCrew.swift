import Glibc
import Synchronization

/// Threads that take pieces of work from one list until it is empty or one of them fails.
struct ThreadCrew {
    private let count: Int

    init(count: Int) {
        self.count = max(1, count)
    }

    /// Does every piece once, in any order, and throws the first failure. What is under way on
    /// other threads then is finished; nothing new is begun.
    func work(_ pieceCount: Int, _ piece: @escaping @Sendable (Int) throws -> Void) throws {
        let list = WorkList(pieceCount, piece)
        let threads = (0..<count).map { _ in Self.start(list) }
        for thread in threads {
            let code = pthread_join(thread, nil)
            precondition(code == 0, "A thread that was started can be waited for")
        }
        if let failure = list.failure { throw failure }
    }

    private static func start(_ list: WorkList) -> pthread_t {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(list).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<WorkList>.fromOpaque(context).takeRetainedValue().workOff()
                return nil
            }, context)
        precondition(code == 0, "The system has a thread left")
        return thread
    }
}

private final class WorkList: Sendable {
    private struct State {
        var next = 0
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let pieceCount: Int
    private let piece: @Sendable (Int) throws -> Void

    init(_ pieceCount: Int, _ piece: @escaping @Sendable (Int) throws -> Void) {
        self.pieceCount = pieceCount
        self.piece = piece
    }

    var failure: (any Error)? { state.withLock { $0.failure } }

    func workOff() {
        while let index = take() {
            do {
                try piece(index)
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.next < pieceCount else { return nil }
            state.next += 1
            return state.next - 1
        }
    }
}
