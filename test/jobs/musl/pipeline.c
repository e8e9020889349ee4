/* Lets a shell and the commands of a pipeline count the words of its input. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  FILE *pipe = popen("tr ' ' '\\n' | sort | uniq -c", "w");
  if (pipe == 0) return 1;
  char line[256];
  while (fgets(line, sizeof line, stdin) != 0) fputs(line, pipe);
  return pclose(pipe) == 0 ? 0 : 1;
}
