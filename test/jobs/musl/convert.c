/* Converts its input from ISO-8859-15 to UTF-8. */
#include <iconv.h>
#include <stdio.h>

int main(void) {
  char input[256], output[1024];
  size_t left = fread(input, 1, sizeof input, stdin), room = sizeof output;
  char *from = input, *to = output;
  iconv_t conversion = iconv_open("UTF-8", "ISO-8859-15");
  if (conversion == (iconv_t)-1 || iconv(conversion, &from, &left, &to, &room) == (size_t)-1) {
    perror("iconv");
    return 1;
  }
  fwrite(output, 1, sizeof output - room, stdout);
}
