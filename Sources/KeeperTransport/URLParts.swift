// A URL from a configuration, taken apart by libcurl's own parser: what we checked and what will be
// dialled can not differ.

import CCurl

struct URLParts {
    let origin: String
    let basePath: String
    let isEncrypted: Bool
    /// The host is loopback by its spelling.
    let namesLoopback: Bool

    init(parsing text: String) throws(EndpointProblem) {
        // curl's parser forgives spaces and a missing scheme; a configuration should not.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let url = curl_url() else {
            throw .notAURL
        }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK
        else { throw .notAURL }

        let part = { curlPart(of: url, $0) }
        guard let scheme = part(CURLUPART_SCHEME) else { throw .notAURL }
        guard scheme == "https" || scheme == "http" else { throw .scheme(scheme) }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else { throw .userInfo }
        guard part(CURLUPART_QUERY) == nil, part(CURLUPART_FRAGMENT) == nil, !text.contains("?"),
            !text.contains("#")
        else { throw .queryOrFragment }
        guard let host = part(CURLUPART_HOST), let path = part(CURLUPART_PATH) else {
            throw .notAURL
        }
        let port = part(CURLUPART_PORT).map { ":\($0)" } ?? ""
        origin = "\(scheme)://\(host)\(port)"
        basePath = path.hasSuffix("/") ? String(path.dropLast()) : path
        isEncrypted = scheme == "https"
        namesLoopback = host == "localhost" || host == "[::1]" || host.isIPv4Loopback
    }
}

private func curlPart(of url: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
}

extension String {
    fileprivate var isIPv4Loopback: Bool {
        let numbers = split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127
    }
}
