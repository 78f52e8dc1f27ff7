// Linux calls that Swift's Glibc module leaves out. Failures come back as a negative errno, so that
// no caller has to read errno across a language boundary.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static inline int64_t clinux_clock_nanoseconds(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) { return -errno; }
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Nanoseconds since an arbitrary moment; never goes back, does not see clock changes.
static inline int64_t clinux_monotonic_nanoseconds(void) {
    return clinux_clock_nanoseconds(CLOCK_MONOTONIC);
}

// Nanoseconds since 1970 as the machine believes; may jump.
static inline int64_t clinux_wall_nanoseconds(void) {
    return clinux_clock_nanoseconds(CLOCK_REALTIME);
}

// Blocks the signals for this thread (and those it starts later) and returns a descriptor that
// becomes readable when one arrives. `before` receives the mask to restore.
static inline int clinux_open_signals(const int *signals, size_t count, sigset_t *before) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++) {
        if (sigaddset(&set, signals[i]) != 0) { return -errno; }
    }
    int blocked = pthread_sigmask(SIG_BLOCK, &set, before);
    if (blocked != 0) { return -blocked; }
    int descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

static inline void clinux_restore_signals(const sigset_t *before) {
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

// The number of the next signal, or 0 when none waits.
static inline int clinux_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t got = read(descriptor, &info, sizeof info);
    if (got == (ssize_t)sizeof info) { return (int)info.ssi_signo; }
    return got < 0 && errno != EAGAIN ? -errno : 0;
}

// Gives the system back what was freed, from the middle of the heap too: by itself the library gives
// back its end only.
static inline void clinux_give_memory_back(void) {
    malloc_trim(0);
}

static inline int clinux_open_event(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

static inline int clinux_raise_event(int descriptor) {
    uint64_t one = 1;
    ssize_t put = write(descriptor, &one, sizeof one);
    return put == (ssize_t)sizeof one || errno == EAGAIN ? 0 : -errno;
}

static inline void clinux_clear_event(int descriptor) {
    uint64_t count;
    ssize_t got = read(descriptor, &count, sizeof count);
    (void)got;
}

// A descriptor that is readable while one of the two is.
static inline int clinux_open_pair(int first, int second) {
    int set = epoll_create1(EPOLL_CLOEXEC);
    if (set < 0) { return -errno; }
    struct epoll_event readable = {.events = EPOLLIN};
    if (epoll_ctl(set, EPOLL_CTL_ADD, first, &readable) != 0
        || epoll_ctl(set, EPOLL_CTL_ADD, second, &readable) != 0) {
        int code = errno;
        close(set);
        return -code;
    }
    return set;
}

// A descriptor that becomes readable when the process ends, immune to reuse of its number.
static inline int clinux_open_process(pid_t process) {
    long descriptor = syscall(SYS_pidfd_open, process, 0);
    return descriptor < 0 ? -errno : (int)descriptor;
}

static inline int clinux_signal_process(int descriptor, int signal) {
    return syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0) == 0 ? 0 : -errno;
}

// MARK: Local sockets. An address that begins with '@' is abstract: it has no file.

struct clinux_peer {
    int32_t process;
    uint32_t user;
    uint32_t group;
};

// 0 where the address does not fit, which is past 107 bytes.
static inline socklen_t clinux_local_address(
    const char *path, size_t count, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (count == 0 || count >= sizeof address->sun_path) { return 0; }
    memcpy(address->sun_path, path, count);
    if (path[0] == '@') { address->sun_path[0] = 0; }
    size_t end = path[0] == '@' ? count : count + 1;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + end);
}

// Listens at a path that is free. Nobody but the owner may connect before `mode` is set.
static inline int clinux_listen_locally(
    const char *path, size_t count, mode_t mode, int waitingMax) {
    struct sockaddr_un address;
    socklen_t length = clinux_local_address(path, count, &address);
    if (length == 0) { return -ENAMETOOLONG; }
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) { return -errno; }
    if (fchmod(descriptor, 0600) != 0
        || bind(descriptor, (struct sockaddr *)&address, length) != 0
        || chmod(address.sun_path, mode) != 0 || listen(descriptor, waitingMax) != 0) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}

// Waits in reads and writes, each for at most so many seconds.
static inline int clinux_connect_locally(const char *path, size_t count, int timeoutSeconds) {
    struct sockaddr_un address;
    socklen_t length = clinux_local_address(path, count, &address);
    if (length == 0) { return -ENAMETOOLONG; }
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) { return -errno; }
    struct timeval wait = {.tv_sec = timeoutSeconds};
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0
        || setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0
        || connect(descriptor, (struct sockaddr *)&address, length) != 0) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}

// The next connection, not blocking; -EAGAIN where there is none.
static inline int clinux_accept(int listener) {
    int descriptor = accept(listener, NULL, NULL);
    if (descriptor < 0) { return -errno; }
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0
        || fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}

// Who connected, as the kernel knows it: nothing that the other end could say.
static inline int clinux_peer_of(int descriptor, struct clinux_peer *peer) {
    socklen_t length = sizeof *peer;
    return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, peer, &length) == 0 ? 0 : -errno;
}

// The other groups of whoever connected, and how many; none where there are more than `room`.
static inline int clinux_peer_groups(int descriptor, uint32_t *groups, size_t room) {
    socklen_t length = (socklen_t)(room * sizeof *groups);
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups, &length) != 0) {
        return errno == ERANGE ? 0 : -errno;
    }
    return (int)(length / sizeof *groups);
}

// One datagram, sent or lost at once: whoever logs does not wait.
static inline int clinux_send_datagram(
    const char *path, size_t count, const void *bytes, size_t byteCount) {
    struct sockaddr_un address;
    socklen_t length = clinux_local_address(path, count, &address);
    if (length == 0) { return -ENAMETOOLONG; }
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) { return -errno; }
    ssize_t sent = sendto(
        descriptor, bytes, byteCount, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address,
        length);
    int code = sent < 0 ? -errno : 0;
    close(descriptor);
    return code;
}

// As send, and a connection that the other end has closed is an error, not a signal.
static inline ssize_t clinux_send(int descriptor, const void *bytes, size_t count) {
    ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}
