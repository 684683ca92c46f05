/* How fast this machine starts processes at all: N children, J at a time, by posix_spawn.   floor N J COMMAND [ARGUMENT...] */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv) {
  if (argc < 4) {
    return 2;
  }
  int left = atoi(argv[1]), jobs = atoi(argv[2]), running = 0, status;
  while (left > 0 || running > 0) {
    for (; left > 0 && running < jobs; left--, running++) {
      pid_t child;
      if (posix_spawnp(&child, argv[3], NULL, NULL, argv + 3, environ) != 0) {
        perror(argv[3]);
        return 2;
      }
    }
    if (wait(&status) < 0 || status != 0) {
      return 1;
    }
    running--;
  }
  return 0;
}
