// What every exchange is dressed in before its method is set. Nothing here is a choice of the
// caller: protocols, addresses, redirects, credentials, proxies and sizes are shut unless the
// endpoint opened them.

import CCurl

extension CurlHandle {
    func harden(for head: RequestHead) {
        limitProtocols(head.endpoint)
        limitTime(head)
        limitSize(head.limits)
        setTLS(head.endpoint)
        set(CURLOPT_URL, head.url)
        // "Expect:" with nothing after it: no pause for "100 Continue" in front of a body.
        setHeaders(["Expect:", "User-Agent: bailiff"] + head.headers.map(\.line))
    }

    private func limitProtocols(_ endpoint: Endpoint) {
        let scheme = endpoint.isEncrypted ? "https" : "http"
        set(CURLOPT_PROTOCOLS_STR, scheme)
        set(CURLOPT_REDIR_PROTOCOLS_STR, scheme)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // Whether a connection carries many is known with TLS, and worth waiting for; without it
        // that would be known with the first reply, which may be a long poll's.
        if endpoint.isEncrypted { set(CURLOPT_PIPEWAIT, 1) }
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_UNRESTRICTED_AUTH, 0)
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        // Empty, not unset: unset would read http_proxy from the environment.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
    }

    private func limitTime(_ head: RequestHead) {
        // A name that nobody resolves is given up like everything else. Without it libcurl would
        // wait here, and every other endpoint with it, for the thread that still asks.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, head.endpoint.limits.connectTimeoutMilliseconds)
        // The reactor's deadline comes first; this one stands behind it.
        set(CURLOPT_TIMEOUT_MS, head.limits.timeoutMilliseconds + 1_000)
        guard let lowSpeed = head.limits.lowSpeed else { return }
        set(CURLOPT_LOW_SPEED_LIMIT, lowSpeed.bytesPerSecond)
        set(CURLOPT_LOW_SPEED_TIME, lowSpeed.seconds)
    }

    private func limitSize(_ limits: ExchangeLimits) {
        // Announced size; 0 would mean no limit. The callbacks bound what really arrives.
        set(CURLOPT_MAXFILESIZE_LARGE, offset: max(1, limits.replyBytesMax))
        if limits.acceptsGzip { set(CURLOPT_ACCEPT_ENCODING, "gzip") }
    }

    private func setTLS(_ endpoint: Endpoint) {
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        let tls = endpoint.tls
        if let file = tls.authoritiesFile { set(CURLOPT_CAINFO, file) }
        if let pin = tls.pinnedPublicKey { set(CURLOPT_PINNEDPUBLICKEY, pin) }
        if let file = tls.clientCertificateFile { set(CURLOPT_SSLCERT, file) }
        if let file = tls.clientKeyFile { set(CURLOPT_SSLKEY, file) }
    }
}

extension HeaderField {
    /// A header with an empty value is spelt with a semicolon, or libcurl would remove it.
    fileprivate var line: String {
        value.isEmpty ? "\(name);" : "\(name): \(value)"
    }
}
