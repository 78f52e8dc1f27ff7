import Glibc
import KeeperCodec
import KeeperCommands
import KeeperModel
package import KeeperRuntime

/// Where requests are answered: who may say what, what is written before it is done, and what is
/// read from the keeper's own state between two of its turns.
package final class ControlRoom {
    let station: Station
    let session: NetworkSession
    let desk: ReloadDesk
    let startedAt: Instant
    let watchOnlyReason: String?
    private let access: ControlAccess
    private let audit: AuditLog

    package init(
        _ station: Station, _ session: NetworkSession, desk: ReloadDesk,
        watchOnlyReason: String? = nil
    ) throws(StartProblem) {
        self.station = station
        self.session = session
        self.desk = desk
        self.watchOnlyReason = watchOnlyReason
        startedAt = session.now
        access = try ControlAccess(station.workplace.config.control)
        audit = try AuditLog(path: station.folder + "/" + AuditLog.fileName)
    }

    /// Answers once, now or later.
    package func answer(
        _ peer: ControlPeer, _ line: [UInt8], _ reply: @escaping (ControlAnswer) -> Void
    ) {
        do {
            let request = try ControlRequest(line: line)
            try admit(request, from: peer)
            try carryOut(request, reply)
        } catch let problem as ControlProblem {
            reply(ControlAnswer(problem: problem))
        } catch {
            reply(ControlAnswer(problem: ControlProblem(.inputOutput, "\(error)")))
        }
    }

    /// What a signal asks for, which only the owner and root can send.
    package func answerSignal(
        _ verb: ControlVerb, _ reply: @escaping (ControlAnswer) -> Void
    ) {
        let owner = ControlPeer(user: geteuid(), groups: [], process: getpid())
        answer(owner, ControlRequest(verb).jsonBytes, reply)
    }

    /// Checked and, where it changes something, written down: only then is it carried out.
    private func admit(
        _ request: ControlRequest, from peer: ControlPeer
    ) throws(ControlProblem) {
        let role = try access.admit(peer, saying: request)
        guard request.verb.isAudited else { return }
        try audit.append(AuditEntry(at: session.now, peer: peer, role: role, request: request))
    }

    private func carryOut(
        _ request: ControlRequest, _ reply: @escaping (ControlAnswer) -> Void
    ) throws {
        switch request.verb {
        case .pause: try setPaused(true, request, reply)
        case .resume: try setPaused(false, request, reply)
        case .drain: drain(reply)
        case .approve: try approve(request, reply)
        case .transfer: try transfer(request, reply)
        case .reload: desk.reload(request.isPreview, reply)
        default: reply(try look(request))
        }
    }
}
