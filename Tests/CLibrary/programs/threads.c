// threads IMAGE: eight threads open, ask and close, and ask one policy that they share; prints how
// many answers differed from those of one thread.
#include <portcullis.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 200 };

static const char *file;
static portcullis_policy *shared;
static uint64_t expected;

static uint64_t answers(const portcullis_policy *policy) {
    static const char *const paths[] = {"os.getcwd", "shop.buy", "shop.look", "json.loads"};
    uint64_t sum = 14695981039346656037u;
    for (int index = 0; index < 24; index++) {
        const char *path = paths[index % 4];
        uint32_t rule;
        int decision = portcullis_decide(policy, path, strlen(path), index / 4 % 2, index / 8, &rule);
        char text[64];
        size_t length = portcullis_describe(policy, rule, PORTCULLIS_ID, text, sizeof text);
        sum = (sum ^ (uint64_t)decision ^ (uint64_t)rule << 8 ^ length << 40) * 1099511628211u;
    }
    return sum;
}

static void *work(void *place) {
    long wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        portcullis_policy *own;
        if (portcullis_open_file(file, 3, 11, &own, NULL) != PORTCULLIS_OK) {
            wrong++;
            continue;
        }
        wrong += answers(own) != expected;
        portcullis_close(own);
        wrong += answers(shared) != expected;
    }
    *(long *)place = wrong;
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    file = arguments[1];
    if (portcullis_open_file(file, 3, 11, &shared, NULL) != PORTCULLIS_OK) return 2;
    expected = answers(shared);
    pthread_t threads[THREADS];
    long wrong[THREADS], sum = 0;
    for (int index = 0; index < THREADS; index++)
        pthread_create(&threads[index], NULL, work, &wrong[index]);
    for (int index = 0; index < THREADS; index++) {
        pthread_join(threads[index], NULL);
        sum += wrong[index];
    }
    portcullis_close(shared);
    printf("%ld wrong\n", sum);
    return sum != 0;
}
