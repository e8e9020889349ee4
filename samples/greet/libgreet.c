/* libgreet.so.1: found through the program's RUNPATH, needs libwords.so.1. */
#include "greet.h"

#include <stdio.h>

int greet(const char *whom) { return printf("%s, %s\n", first_word(), whom) < 0; }
