/* Prints one moment in several time zones, and in that of the environment. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void print(time_t moment) {
  char text[64];
  strftime(text, sizeof text, "%Y-%m-%d %H:%M %Z", localtime(&moment));
  puts(text);
}

int main(void) {
  const char *zones[] = {"Europe/Paris", "America/New_York", "Asia/Kolkata"};
  tzset();
  print(1700000000);
  for (int index = 0; index < 3; index++) {
    setenv("TZ", zones[index], 1);
    tzset();
    print(1700000000);
  }
}
