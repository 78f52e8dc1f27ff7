// How a transfer ended, in the words of this house.

import CCurl
import KeeperModel

extension Transfer {
    /// The result of an exchange that libcurl says is over.
    func result(_ code: CURLcode) -> Result<Reply, TransportError> {
        guard let handle else { preconditionFailure("A finished transfer was on the wire") }
        if code == CURLE_OK, !head.isEncoded || limits.acceptsGzip {
            return .success(reply(handle))
        }
        return .failure(error(reason(code), code))
    }

    /// Our own word first. One forbidden address among several is a reason only if none was left.
    private func reason(_ code: CURLcode) -> TransportError.Kind {
        if let refusal, refusal != .forbiddenAddress || code == CURLE_COULDNT_CONNECT {
            return refusal
        }
        return code == CURLE_OK ? .badEncoding : kind(of: code)
    }

    func error(_ kind: TransportError.Kind, _ code: CURLcode = CURLE_OK) -> TransportError {
        TransportError(
            kind: kind, endpoint: endpoint.name, mayHaveBeenSent: hasBegun,
            curlCode: Int(code.rawValue))
    }

    private func reply(_ handle: CurlHandle) -> Reply {
        let finishedAt = clock.now()
        return Reply(
            status: handle.number(CURLINFO_RESPONSE_CODE), headers: head.fields, body: body,
            times: ReplyTimes(
                startedAt: startedAt, firstByteAt: firstByteAt ?? finishedAt,
                finishedAt: finishedAt, roundTrip: .now() - startedTime))
    }

    private func kind(of code: CURLcode) -> TransportError.Kind {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvedName
        case CURLE_COULDNT_CONNECT: .refusedConnection
        case CURLE_OPERATION_TIMEDOUT: hasBegun ? .tooSlow : .connectTimedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            .tls
        case CURLE_PARTIAL_FILE: .cutShort
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            .reset
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: .badStatusLine
        // A write error without a refusal of ours comes from the decoder.
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR: .badEncoding
        default: .other
        }
    }
}
