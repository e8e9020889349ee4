/* libwords.so.1: found only through etc/ld-musl-x86_64.path. */
#include "greet.h"

const char *first_word(void) { return "hello"; }
