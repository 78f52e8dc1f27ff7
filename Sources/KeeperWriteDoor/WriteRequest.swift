// The only way to make a request that can change something. This room is linked into programs that
// may send and into no other: a dry program has no code that could set a method or attach a body.

import CCurl
package import KeeperTransport

package struct WriteRequest: Exchange {
    package let head: RequestHead
    package let method: Method
    package let body: [UInt8]
    package let mayBeRepeated = false

    package enum Method: String, Hashable, Sendable {
        case post = "POST"
        case put = "PUT"
    }

    package init(_ method: Method, _ head: RequestHead, body: [UInt8]) {
        self.method = method
        self.head = head
        self.body = body
    }

    package func setMethod(on handle: CurlHandle) {
        handle.set(CURLOPT_POST, 1)
        handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
        handle.set(CURLOPT_COPYPOSTFIELDS, copying: body)
        handle.set(CURLOPT_CUSTOMREQUEST, method.rawValue)
    }
}
