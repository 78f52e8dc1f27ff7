import KeeperModel
import KeeperRisk
import KeeperRuntime
import VenueWriters

/// The REST desk in the place where the runtime expects a desk.
final class LiveDesk: CloseDesk {
    private let desk: RESTCloseDesk

    init(_ desk: RESTCloseDesk) {
        self.desk = desk
    }

    func submit(_ approved: Approved<CloseAttempt>) {
        desk.submit(approved)
    }

    /// The venue's API tries no closes and says so, so no plan of a strategy that asks gets here.
    /// Were one to, its deadline would end it.
    func ask(_ question: Question, by deadline: Instant) {}

    func lookUp(_ target: Target, _ clientID: ClientID) {
        desk.lookUp(target, clientID)
        CrashPoint.reached(.lookUpHandedOver)
    }

    func void(_ target: Target, _ clientID: ClientID) {
        desk.void(target, clientID)
        CrashPoint.reached(.voidHandedOver)
    }
}
