/* Says a sentence in the language of the user, from a catalog of gettext. */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>

int main(void) {
  setlocale(LC_ALL, "");
  bindtextdomain("greeter", "/usr/local/share/locale");
  textdomain("greeter");
  puts(gettext("hello"));
}
