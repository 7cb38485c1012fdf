#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the Swift library asks for the seed of its hash tables. The C library has it since glibc
// 2.36 only, and this one makes the gate load with older ones. The gate hashes addresses and
// numbers alone, so where the kernel gives nothing, a seed of zeros serves as well.
__attribute__((visibility("hidden"))) void arc4random_buf(void *buffer, size_t count) {
    memset(buffer, 0, count);
    syscall(SYS_getrandom, buffer, count, 1 /* GRND_NONBLOCK */);
}
