#pragma once

/// pidfd_open(2), which the C library of Debian 12 has no wrapper for that Swift can import.
/// Returns a descriptor that becomes readable when the process exits, or -1 with errno set.
int devbench_pidfd_open(int pid);
