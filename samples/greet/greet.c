/* usr/bin/greet: needs libgreet.so.1 by RUNPATH $ORIGIN/../lib. */
#include "greet.h"

int main(void) { return greet("sysroot"); }
