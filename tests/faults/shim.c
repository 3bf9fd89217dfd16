/* Fails the N-th operation that writes to files whose path contains a name, and, where asked, every
 * one after it. Preloaded (LD_PRELOAD); armed by the process itself when it is ready. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { DIES = 0 }; /* in the place of an errno: the process ends at this operation */

static char name[256];
static long first, count;
static int error, lasts;

void fault_arm(const char *part, long number, int kind, int stays) {
    snprintf(name, sizeof name, "%s", part);
    first = number, error = kind, lasts = stays, count = 0;
}

long fault_disarm(void) { /* gives the operations that were seen */
    name[0] = 0;
    return count;
}

static int fails(const char *path) {
    if (!name[0] || !strstr(path, name)) return 0;
    count++;
    if (!first || count < first || (count > first && !lasts)) return 0;
    if (error == DIES) _exit(137);
    errno = error;
    return 1;
}

static int fd_fails(int fd) {
    char link[64], path[PATH_MAX];
    if (!name[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(path);
}

#define WRAP(type, symbol, parameters, arguments, check)                 \
    type symbol parameters {                                             \
        static type(*real) parameters;                                   \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #symbol);          \
        return check ? -1 : real arguments;                              \
    }

WRAP(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), fd_fails(fd))
WRAP(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), fd_fails(fd))
WRAP(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), fd_fails(fd))
WRAP(int, fsync, (int fd), (fd), fd_fails(fd))
WRAP(int, fdatasync, (int fd), (fd), fd_fails(fd))
WRAP(int, ftruncate, (int fd, off_t size), (fd, size), fd_fails(fd))
WRAP(int, ftruncate64, (int fd, off64_t size), (fd, size), fd_fails(fd))
WRAP(int, rename, (const char *from, const char *to), (from, to), fails(from))
WRAP(int, unlink, (const char *path), (path), fails(path))
