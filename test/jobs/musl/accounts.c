/* Looks up a user and the groups that list it, as a server does before it drops its privileges. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  struct passwd *user = getpwnam("www-data");
  if (user == 0) {
    puts("no such user");
    return 1;
  }
  struct group *group = getgrgid(user->pw_gid);
  printf("%s %s\n", user->pw_dir, group == 0 ? "?" : group->gr_name);
  if (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0) return 1;
  return setuid(user->pw_uid) == 0 && geteuid() == user->pw_uid ? 0 : 1;
}
