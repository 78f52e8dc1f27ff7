/// Permission as a type: whatever can send takes an `Approved`, and only this room can make one.
///
/// The initialiser is internal, so that a caller elsewhere who forgets the review does not compile.
package struct Approved<Subject: Sendable & Hashable>: Sendable, Hashable {
    package let subject: Subject

    init(_ subject: Subject) {
        self.subject = subject
    }
}
