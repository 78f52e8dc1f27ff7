import Synchronization

/// Where threads put what they found, each at its own place.
final class ResultShelf: Sendable {
    private let places: Mutex<[StudyResult?]>

    init(count: Int) {
        places = Mutex(Array(repeating: nil, count: count))
    }

    func put(_ result: StudyResult, at place: Int) {
        places.withLock { $0[place] = result }
    }

    /// Of every place that has one, in order.
    var results: [StudyResult] { places.withLock { $0.compactMap { $0 } } }
}
