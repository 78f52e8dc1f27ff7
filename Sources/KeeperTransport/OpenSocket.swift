// The socket that libcurl would have opened, once its address has been approved.

import CCurl
import Glibc

func openSocket(_ address: curl_sockaddr) -> curl_socket_t {
    let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.family, address.socktype | closeOnExec, address.protocol)
}
