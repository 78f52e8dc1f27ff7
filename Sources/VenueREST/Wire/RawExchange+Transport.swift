// The end of a request in the form that recordings keep.

package import KeeperCodec
package import KeeperTransport

extension RawExchange.Result {
    package init(_ result: Swift.Result<Reply, TransportError>) {
        switch result {
        case .success(let reply):
            self = .reply(status: UInt16(clamping: reply.status), body: reply.body)
        case .failure(let error): self = .failure(reason: error.description)
        }
    }
}
