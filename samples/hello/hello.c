/* The smallest program that shows a closure: it needs a C library and nothing else. */
#include <stdio.h>

int main(void) {
  puts("hello, world");
  return 0;
}
