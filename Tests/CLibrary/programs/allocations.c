// allocations IMAGE: counts what is allocated while a policy is open, by taking the place of the
// C library's allocator; prints "open N decide N describe N live N".
#define _GNU_SOURCE
#include <portcullis.h>
#include <stdio.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static long made, freed;

void *malloc(size_t size) { made++; return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { made++; return __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { made++; return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { made++; return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **place, size_t alignment, size_t size) {
    *place = memalign(alignment, size);
    return *place ? 0 : 12;
}
void free(void *memory) {
    if (memory) freed++;
    __libc_free(memory);
}

static const char *const paths[] = {
    "os.getcwd", "datetime.datetime.now", "shop.buy", "shop.look.at", "nothing.of.the.kind", "",
    "\xff\xfe.\x80", "a.very.long.path.that.no.rule.knows.and.that.goes.on.for.a.while", "random",
    "__builtins__.open",
};

static long ask(const portcullis_policy *policy) {
    long sum = 0;
    for (size_t index = 0; index < sizeof paths / sizeof *paths; index++) {
        const char *path = paths[index];
        size_t count = strlen(path);
        for (int question = 0; question < 6; question++) {
            uint32_t rule, phase = question & 1, operation = question / 2;
            sum += portcullis_decide(policy, path, count, phase, operation, &rule);
            uint32_t state = portcullis_root(policy, operation);
            uint32_t name = portcullis_name_id(policy, path, count);
            sum += portcullis_step(policy, &state, name, phase, operation, &rule);
            sum += portcullis_decide_end(policy, state, phase, operation, &rule);
            sum += portcullis_effect(policy, rule) + portcullis_arguments(policy, rule);
            sum += portcullis_line(policy, rule) + portcullis_column(policy, rule);
        }
        sum += portcullis_is_passthrough(policy, path, count) + portcullis_flags(policy);
    }
    return sum + portcullis_rule_count(policy);
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    long before = made, before_freed = freed;
    portcullis_policy *policy;
    if (portcullis_open_file(arguments[1], 3, 11, &policy, NULL) != PORTCULLIS_OK) return 2;
    long opening = made - before, start = made, sum = 0;
    for (int round = 0; round < 1000; round++) sum += ask(policy);
    long deciding = made - start;
    char text[256];
    for (uint32_t rule = 0; rule < portcullis_rule_count(policy); rule++)
        for (int kind = PORTCULLIS_ID; kind <= PORTCULLIS_CATEGORY; kind++)
            sum += (long)portcullis_describe(policy, rule, kind, text, sizeof text);
    portcullis_close(policy);
    long live = (made - before) - (freed - before_freed);
    printf("open %d decide %ld live %ld sum %d\n", opening > 0, deciding, live, sum != 0);
    return 0;
}
