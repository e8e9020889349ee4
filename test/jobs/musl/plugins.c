/* Loads every plug-in of its directory, in the order of their names, and calls each. */
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define PLUGINS "/srv/musl/plugins.d"

static int is_plugin(const struct dirent *entry) {
  const char *end = strrchr(entry->d_name, '.');
  return end != 0 && strcmp(end, ".so") == 0;
}

int main(void) {
  struct dirent **entries;
  int count = scandir(PLUGINS, &entries, is_plugin, alphasort);
  for (int index = 0; index < count; index++) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", PLUGINS, entries[index]->d_name);
    void *plugin = dlopen(path, RTLD_NOW);
    const char *(*say)(void) = plugin == 0 ? 0 : (const char *(*)(void))dlsym(plugin, "say");
    puts(say == 0 ? dlerror() : say());
  }
  printf("%d plug-ins\n", count);
  return count > 0 ? 0 : 1;
}
