// What the library itself needs of the C library; not part of its interface.
#ifndef PORTCULLIS_READ_FILE_H
#define PORTCULLIS_READ_FILE_H

#include <stddef.h>
#include <stdint.h>

// Reads a whole regular file of at most `limit` bytes into new memory, which the caller frees with
// `pc_free`. Returns 0, or the reason as an `errno`: EFBIG if the file is larger.
int32_t pc_read_file(const char *_Nonnull path, uint64_t limit, void *_Nullable *_Nonnull bytes,
                     size_t *_Nonnull count);
void pc_free(void *_Nullable memory);

// The text of an `errno`, which the caller copies at once; `buffer` may be where it is.
const char *_Nonnull pc_reason(int32_t number, char *_Nonnull buffer, size_t capacity);

#endif
