/* Listens on a port known by the name of its service, and connects to it by the name of the host. */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_socket(const char *host, int flags) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = flags}, *found;
  int error = getaddrinfo(host, "http-alt", &hints, &found);
  if (error != 0) {
    printf("%s: %s\n", host == 0 ? "*" : host, gai_strerror(error));
    return -1;
  }
  int one = socket(found->ai_family, found->ai_socktype, 0);
  int status = flags & AI_PASSIVE ? bind(one, found->ai_addr, found->ai_addrlen)
                                  : connect(one, found->ai_addr, found->ai_addrlen);
  return status == 0 ? one : -1;
}

int main(void) {
  struct protoent *tcp = getprotobyname("tcp");
  int server = open_socket(0, AI_PASSIVE);
  if (server < 0 || listen(server, 1) != 0) return 1;
  int client = open_socket("localhost", 0);
  if (client < 0) return 1;
  int accepted = accept(server, 0, 0);
  write(accepted, "by name\n", 8);
  char text[16];
  printf("%d %.*s", tcp == 0 ? -1 : tcp->p_proto, (int)read(client, text, sizeof text), text);
}
