#define _GNU_SOURCE
#include "CProcesses.h"
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int devbench_pidfd_open(int pid) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, pid, 0);
#else
  errno = ENOSYS;
  return -1;
#endif
}
