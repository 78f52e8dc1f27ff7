// One exchange on its way. libcurl's callbacks reach only this object, and all they do is copy
// bytes, count them and say stop; nobody's completion ever runs inside libcurl.

import CCurl
import KeeperModel

/// Names a started request until its completion has run.
package struct RequestID: Hashable, Comparable, Sendable {
    let number: UInt64

    package static func < (left: RequestID, right: RequestID) -> Bool {
        left.number < right.number
    }
}

final class Transfer {
    let id: RequestID
    let exchange: any Exchange
    let completion: Reactor.Completion
    let startedAt: Instant
    let startedTime: MonotonicTime
    let clock: any WallClock
    /// Present while the exchange is on the wire.
    var handle: CurlHandle?
    var deadline: TimerID?

    private(set) var body: [UInt8] = []
    private(set) var head = ReplyHead()
    private(set) var firstByteAt: Instant?
    /// Why a callback said stop.
    private(set) var refusal: TransportError.Kind?
    /// From here on bytes may have left.
    private(set) var hasBegun = false

    init(
        id: RequestID, exchange: any Exchange, clock: any WallClock,
        completion: @escaping Reactor.Completion
    ) {
        self.id = id
        self.exchange = exchange
        self.clock = clock
        self.completion = completion
        startedAt = clock.now()
        startedTime = .now()
    }

    var limits: ExchangeLimits { exchange.head.limits }
    var endpoint: Endpoint { exchange.head.endpoint }

    func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count + bytes.count <= limits.replyBytesMax else {
            return refuse(.tooLarge)
        }
        body.append(contentsOf: bytes)
        return true
    }

    func takeHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        if firstByteAt == nil { firstByteAt = clock.now() }
        guard head.take(line, bytesMax: limits.headerBytesMax) else {
            return refuse(.tooManyHeaderBytes)
        }
        return true
    }

    /// Bytes on the wire, before decompression.
    func takeProgress(_ downloaded: Int) -> Bool {
        downloaded <= limits.replyBytesMax + limits.headerBytesMax || refuse(.tooLarge)
    }

    func mayConnect(to address: AddressClass) -> Bool {
        endpoint.reach.allows(address) || refuse(.forbiddenAddress)
    }

    /// Called just before the request is written to a connection.
    func mayBegin() -> Bool {
        let isFirst = !hasBegun
        hasBegun = true
        return isFirst || exchange.mayBeRepeated || refuse(.reset)
    }

    private func refuse(_ kind: TransportError.Kind) -> Bool {
        if refusal == nil { refusal = kind }
        return false
    }
}

extension Transfer {
    /// Points libcurl at this object. It must stay alive until the handle leaves the multi handle.
    func attach(to handle: CurlHandle) {
        let this = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        handle.setCallback(CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
            Transfer.from(context).takeBody(.init(bytes, count: count)) ? count : 0
        }
        handle.setCallback(CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
            Transfer.from(context).takeHeader(.init(bytes, count: count)) ? count : 0
        }
        attachControls(to: handle)
        handle.set(CURLOPT_NOPROGRESS, 0)
        handle.set(CURLOPT_WRITEDATA, pointer: this)
        handle.set(CURLOPT_HEADERDATA, pointer: this)
        handle.set(CURLOPT_XFERINFODATA, pointer: this)
        handle.set(CURLOPT_OPENSOCKETDATA, pointer: this)
        handle.set(CURLOPT_PREREQDATA, pointer: this)
        self.handle = handle
    }

    /// The callbacks that can say stop.
    private func attachControls(to handle: CurlHandle) {
        let progress = ccurl_set_progress_callback(handle.easy) { context, _, down, _, _ in
            Transfer.from(context).takeProgress(Int(down)) ? 0 : 1
        }
        handle.check(progress, CURLOPT_XFERINFOFUNCTION)
        let open = ccurl_set_open_socket_callback(handle.easy) { context, _, address in
            guard let address, Transfer.from(context).mayConnect(to: AddressClass(address)) else {
                return CURL_SOCKET_BAD
            }
            return openSocket(address.pointee)
        }
        handle.check(open, CURLOPT_OPENSOCKETFUNCTION)
        let begin = ccurl_set_before_request_callback(handle.easy) { context, _, _, _, _ in
            Transfer.from(context).mayBegin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        handle.check(begin, CURLOPT_PREREQFUNCTION)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else { preconditionFailure("libcurl returns the context it was given") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate init(_ bytes: UnsafeMutablePointer<CChar>?, count: Int) {
        let raw = UnsafeRawBufferPointer(start: bytes, count: count)
        self = raw.bindMemory(to: UInt8.self)
    }
}
