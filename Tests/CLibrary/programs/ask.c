// ask IMAGE PATH...: prints what a policy says of each path, used at run time on Python 3.11.
#include <portcullis.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **arguments) {
    portcullis_policy *policy;
    portcullis_error error;
    if (portcullis_open_file(arguments[1], 3, 11, &policy, &error) != PORTCULLIS_OK) {
        fprintf(stderr, "%d %s\n", error.status, error.message);
        return 2;
    }
    for (int index = 2; index < count; index++) {
        const char *path = arguments[index];
        uint32_t rule;
        portcullis_decision decision = portcullis_decide(
            policy, path, strlen(path), PORTCULLIS_RUNTIME, PORTCULLIS_USE, &rule);
        char id[64], message[256], file[256];
        portcullis_describe(policy, rule, PORTCULLIS_ID, id, sizeof id);
        portcullis_describe(policy, rule, PORTCULLIS_MESSAGE, message, sizeof message);
        portcullis_describe(policy, rule, PORTCULLIS_FILE, file, sizeof file);
        printf("%s %d %s|%s|%s:%u\n", path, decision, id, message, file,
               portcullis_line(policy, rule));
    }
    portcullis_close(policy);
    return 0;
}
