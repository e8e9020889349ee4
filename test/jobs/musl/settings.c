/* Reads a file of settings, which names the file with the words to print. */
#include <stdio.h>
#include <string.h>

int main(void) {
  char line[256], words[256] = "";
  FILE *settings = fopen("/etc/greeter/greeter.conf", "r");
  if (settings == 0) {
    perror("/etc/greeter/greeter.conf");
    return 1;
  }
  while (fgets(line, sizeof line, settings) != 0) sscanf(line, "words = %255s", words);
  FILE *file = fopen(words, "r");
  if (file == 0 || fgets(line, sizeof line, file) == 0) {
    perror(words);
    return 1;
  }
  fputs(line, stdout);
}
