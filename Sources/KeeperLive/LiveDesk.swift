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

    func lookUp(_ target: Target, _ clientID: ClientID) {
        desk.lookUp(target, clientID)
        CrashPoint.reached(.lookUpHandedOver)
    }

    func void(_ target: Target, _ clientID: ClientID) {
        desk.void(target, clientID)
        CrashPoint.reached(.voidHandedOver)
    }
}
