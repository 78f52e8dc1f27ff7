// libmicrohttpd takes its options as "..." and answers through unions, neither of which Swift can
// use. Everything here only passes values through; HTTPServing is the one room that imports it.
#pragma once
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct cmhd_settings {
    uint32_t address;  // IPv4, host order
    uint16_t port;     // 0: a free one
    unsigned int connections_max;
    unsigned int connections_per_address_max;
    unsigned int idle_timeout_seconds;
    size_t connection_memory_bytes;
};

struct cmhd_callbacks {
    void *context;
    void *(*begin_request)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_AccessHandlerCallback handle;
    MHD_RequestCompletedCallback end_request;
    MHD_NotifyConnectionCallback note_connection;
};

// Single-threaded with external polling: nothing happens outside of MHD_run_wait.
static inline struct MHD_Daemon *cmhd_start(
    struct cmhd_settings settings, struct cmhd_callbacks callbacks) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(settings.port);
    address.sin_addr.s_addr = htonl(settings.address);
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, settings.port, NULL, NULL, callbacks.handle,
        callbacks.context,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_CONNECTION_LIMIT, settings.connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings.connections_per_address_max,
        MHD_OPTION_CONNECTION_TIMEOUT, settings.idle_timeout_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings.connection_memory_bytes,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.begin_request, callbacks.context,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.end_request, callbacks.context,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.note_connection, callbacks.context,
        MHD_OPTION_END);
}

static inline uint16_t cmhd_bound_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

static inline int cmhd_poll_descriptor(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info == NULL ? -1 : info->epoll_fd;
}

// 1 and the peer's IPv4 address in host order, or 0 where it has none.
static inline int cmhd_peer_address(struct MHD_Connection *connection, uint32_t *address) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL || info->client_addr->sa_family != AF_INET) {
        return 0;
    }
    struct sockaddr_in peer;
    memcpy(&peer, info->client_addr, sizeof peer);
    *address = ntohl(peer.sin_addr.s_addr);
    return 1;
}

static inline int cmhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}
