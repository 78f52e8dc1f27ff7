import KeeperJournal
import KeeperModel
import Testing
import WideMath

/// Disks that fail, fill up and forget, under one close: it ends once or not at all, and no byte
/// left for it that a dead machine would not know of.
@Suite struct BadDiskTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let operation: FaultPlan.Operation
        let duration: FaultPlan.Duration
        var testDescription: String { "\(operation), \(duration)" }
    }

    static let faults = FaultPlan.Operation.allCases.flatMap { operation in
        FaultPlan.Duration.allCases.map { Fault(operation: operation, duration: $0) }
    }

    /// Rows 3 and 6: for every n, until a life passes in which there was no n-th.
    @Test(arguments: faults)
    func `the n-th write or sync fails, and the close ends once or not at all`(
        fault: Fault
    ) throws {
        for number in 1... {
            let disk = FaultyDisk()
            let close = CloseOnDisk()
            disk.plan(
                FaultPlan(operation: fault.operation, number: number, duration: fault.duration))
            let wasTold = Result { () throws(JournalError) in try close.live(on: disk) }
            if case .success = wasTold { #expect(close.wasSent, "only what was told is done") }
            let count = fault.operation == .write ? disk.writeCount : disk.syncCount
            guard count >= number else {
                #expect(number > 5, "a close writes and syncs more than that")
                break
            }
            try expectHonest(close, on: disk, after: fault, number, wasTold)
        }
    }

    private func expectHonest(
        _ close: CloseOnDisk, on disk: FaultyDisk, after fault: Fault, _ number: Int,
        _ wasTold: Result<Void, JournalError>
    ) throws {
        if fault.duration == .forEver {
            // However often it is started again, nothing leaves over a disk that does not write.
            // Such a life ends in an error, or finds in the log what the disk refused to sync.
            let sentBefore = close.disksWhenSent.count
            for _ in 0..<2 { _ = Result { () throws(JournalError) in try close.live(on: disk) } }
            #expect(close.disksWhenSent.count == sentBefore)
        }
        try expectKnown(close)
        disk.plan(FaultPlan())
        try expectEnd(close, on: disk, "\(fault) \(number) \(wasTold)")
    }

    /// At each moment in which bytes left, the power could have gone.
    private func expectKnown(_ close: CloseOnDisk) throws {
        for disk in close.disksWhenSent {
            let journal = try Journal(path: CloseOnDisk.journalPath, disk: disk.name)
            #expect(try journal.openIntents().map(\.intent) == [CloseOnDisk.intent])
            #expect(try journal.attempts(of: CloseOnDisk.clientID) == [CloseOnDisk.attempt])
        }
    }

    /// On a disk that is well again the next life finishes, and books what was sent, once.
    private func expectEnd(_ close: CloseOnDisk, on disk: FaultyDisk, _ what: String) throws {
        try close.live(on: disk)
        let journal = try Journal(path: CloseOnDisk.journalPath, disk: disk.name)
        #expect(try journal.findDamage() == [], "\(what)")
        #expect(try journal.openIntents().isEmpty, "\(what)")
        let earned = try journal.revenue(by: .total).map(\.earnedUnits)
        #expect(earned == (close.wasSent ? [15] : []), "\(what)")
        #expect(close.disksWhenSent.count <= 1, "\(what)")
    }

    @Test func `row 4: a disk that is full at any byte sends nothing that is not on it`() throws {
        let whole = FaultyDisk()
        try CloseOnDisk().live(on: whole)
        let most = whole.byteCount * 3
        for byteCountMax in stride(from: 0, to: most, by: 1_500) {
            let disk = FaultyDisk()
            let close = CloseOnDisk()
            disk.plan(FaultPlan(byteCountMax: byteCountMax))
            let wasTold = Result { () throws(JournalError) in try close.live(on: disk) }
            try expectKnown(close)
            disk.plan(FaultPlan())
            try expectEnd(close, on: disk, "\(byteCountMax) bytes, \(wasTold)")
        }
    }

    @Test func `row 6: a sync that failed is the last thing done over that connection`() throws {
        let disk = FaultyDisk()
        let journal = try Journal(path: CloseOnDisk.journalPath, disk: disk.name)
        try journal.recordIntent(CloseOnDisk.intent, at: CloseOnDisk.now)
        disk.plan(FaultPlan(operation: .sync, number: 1, duration: .once))
        #expect(throws: JournalError.self) {
            try journal.recordAttempt(
                CloseOnDisk.attempt, of: CloseOnDisk.clientID, at: CloseOnDisk.now)
        }
        let counts = (disk.writeCount, disk.syncCount)
        // The disk would say yes by now; nobody asks it.
        #expect(throws: JournalError.broken(path: CloseOnDisk.journalPath)) {
            try journal.recordAttempt(
                CloseOnDisk.attempt, of: CloseOnDisk.clientID, at: CloseOnDisk.now)
        }
        #expect(throws: JournalError.broken(path: CloseOnDisk.journalPath)) {
            try journal.openIntents()
        }
        #expect((disk.writeCount, disk.syncCount) == counts)
    }

    @Test(arguments: [false, true])
    func `row 7: the power may go after any step, and what was told stands`(
        tearing: Bool
    ) throws {
        let disk = FaultyDisk()
        let journal = try Journal(path: CloseOnDisk.journalPath, disk: disk.name)
        func after() throws -> Journal {
            let left = disk.afterPowerLoss(tearing: tearing)
            let journal = try Journal(path: CloseOnDisk.journalPath, disk: left.name)
            #expect(try journal.findDamage() == [])
            return journal
        }
        try journal.recordIntent(CloseOnDisk.intent, at: CloseOnDisk.now)
        #expect(try after().openIntents().map(\.intent) == [CloseOnDisk.intent])
        try journal.recordAttempt(
            CloseOnDisk.attempt, of: CloseOnDisk.clientID, at: CloseOnDisk.now)
        #expect(try after().attempts(of: CloseOnDisk.clientID) == [CloseOnDisk.attempt])
        _ = try journal.recordEnding(
            .won(CloseOnDisk.receipt), of: CloseOnDisk.clientID, at: CloseOnDisk.now)
        #expect(try after().revenue(by: .total).map(\.earnedUnits) == [15])
    }

    @Test func `a journal that promises the process alone may forget with the power`() throws {
        let disk = FaultyDisk()
        let journal = try Journal(
            path: CloseOnDisk.journalPath, durability: .process, disk: disk.name)
        try journal.recordIntent(CloseOnDisk.intent, at: CloseOnDisk.now)
        let killed = try Journal(path: CloseOnDisk.journalPath, disk: disk.afterKill().name)
        #expect(try killed.openIntents().count == 1)
        // What the two names promise is not the same: this is what the first one is cheaper by.
        let dark = try Journal(
            path: CloseOnDisk.journalPath, disk: disk.afterPowerLoss(tearing: false).name)
        #expect(try dark.openIntents().isEmpty)
    }
}
