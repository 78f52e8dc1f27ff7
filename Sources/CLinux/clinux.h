// Linux calls that Swift's Glibc module leaves out. Failures come back as a negative errno, so that
// no caller has to read errno across a language boundary.
#pragma once
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
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
