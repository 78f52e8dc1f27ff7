// One easy handle and the header list it points at, freed exactly once. Every setter checks its
// code: an option that libcurl refuses is a bug in this house, not bad luck.

package import CCurl

package final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?

    init() {
        precondition(CurlHandle.libraryStarted, "libcurl starts")
        guard let easy = curl_easy_init() else {
            preconditionFailure("libcurl has memory for a handle")
        }
        self.easy = easy
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
    }

    /// Once per process; libcurl here is built thread-safe.
    static let libraryStarted = ccurl_start_library() == CURLE_OK

    /// Back to a fresh handle; connections live in the multi handle and stay.
    func reset() {
        curl_easy_reset(easy)
        curl_slist_free_all(headerList)
        headerList = nil
    }

    package func set(_ option: CURLoption, _ value: Int) {
        check(ccurl_set_long(easy, option, value), option)
    }

    package func set(_ option: CURLoption, offset value: Int) {
        check(ccurl_set_offset(easy, option, curl_off_t(value)), option)
    }

    package func set(_ option: CURLoption, _ text: String) {
        check(ccurl_set_text(easy, option, text), option)
    }

    /// For options that copy what they are given.
    package func set(_ option: CURLoption, copying bytes: [UInt8]) {
        // One byte more than announced: an empty array has no address, and libcurl would take a
        // null for "read the body from standard input".
        let code = (bytes + [0]).withUnsafeBytes { ccurl_set_pointer(easy, option, $0.baseAddress) }
        check(code, option)
    }

    func set(_ option: CURLoption, pointer: UnsafeRawPointer) {
        check(ccurl_set_pointer(easy, option, pointer), option)
    }

    func setCallback(_ option: CURLoption, _ callback: @escaping ccurl_bytes_callback) {
        check(ccurl_set_bytes_callback(easy, option, callback), option)
    }

    func setHeaders(_ lines: [String]) {
        precondition(headerList == nil, "A handle carries the headers of one exchange")
        for line in lines {
            guard let list = curl_slist_append(headerList, line) else {
                preconditionFailure("libcurl has memory for a header")
            }
            headerList = list
        }
        check(ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList), CURLOPT_HTTPHEADER)
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        check(ccurl_get_long(easy, info, &value), CURLoption(info.rawValue))
        return value
    }

    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        check(ccurl_get_offset(easy, info, &value), CURLoption(info.rawValue))
        return Int(value)
    }

    func check(_ code: CURLcode, _ option: CURLoption) {
        precondition(
            code == CURLE_OK,
            "libcurl takes option \(option.rawValue): \(String(cString: curl_easy_strerror(code)))")
    }
}
