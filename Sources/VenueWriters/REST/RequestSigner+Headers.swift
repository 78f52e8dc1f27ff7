// Signatures as the transport wants them.

import KeeperCodec
package import KeeperSigner
package import KeeperTransport

extension RequestSigner {
    /// Fits `RESTFeed`'s signing as well. By the machine's clock of this moment: the venue's window
    /// is measured in real time, whatever clock the keeper lives by.
    package func headers(_ method: String, _ target: String, _ body: [UInt8]) -> [HeaderField] {
        guard
            let signed = sign(
                method: method, target: target, body: body, at: SystemClock.machineTime())
        else { preconditionFailure("A request that the transport takes can be signed") }
        return signed.headers.map { HeaderField($0.name, $0.value) }
    }
}
