#define _GNU_SOURCE
#include "ReadFile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The file's length is only a guess at how much there is: a file can grow or shrink meanwhile.
static int32_t read_all(int descriptor, uint64_t limit, void **bytes, size_t *count) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return errno;
    if (S_ISDIR(status.st_mode)) return EISDIR;
    if (!S_ISREG(status.st_mode)) return EINVAL;
    if ((uint64_t)status.st_size > limit) return EFBIG;
    size_t capacity = (size_t)status.st_size;
    char *memory = malloc(capacity + 1);
    if (!memory) return ENOMEM;
    size_t filled = 0;
    while (filled < capacity) {
        ssize_t got = read(descriptor, memory + filled, capacity - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            int reason = errno;
            free(memory);
            return reason;
        }
        if (got == 0) break;
        filled += (size_t)got;
    }
    *bytes = memory;
    *count = filled;
    return 0;
}

int32_t pc_read_file(const char *path, uint64_t limit, void **bytes, size_t *count) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return errno;
    int32_t result = read_all(descriptor, limit, bytes, count);
    close(descriptor);
    return result;
}

void pc_free(void *memory) { free(memory); }

const char *pc_reason(int32_t number, char *buffer, size_t capacity) {
    return strerror_r(number, buffer, capacity);
}
