// spent OUTPUT PROGRAM [ARGUMENT…]: runs a program and writes its cost as one
// line of JSON: seconds of wall clock, seconds of CPU, and its largest resident
// memory in KiB. Exits with the program's exit code.
//
// A program of its own, as small as possible: the resources of a large parent
// before a child's exec, above all its memory, count as the child's.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: spent OUTPUT PROGRAM [ARGUMENT...]\n", stderr);
    return 2;
  }
  const auto started = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(argv[2], argv + 2);
    std::perror(argv[2]);
    ::_exit(127);
  }
  int status = 0;
  rusage usage = {};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child) {
    std::perror("spent");
    return 2;
  }
  const std::chrono::duration<double> wall =
      std::chrono::steady_clock::now() - started;
  std::FILE* const out = std::fopen(argv[1], "w");
  if (out == nullptr) {
    std::perror(argv[1]);
    return 2;
  }
  std::fprintf(out, "{\"wall\": %.6f, \"cpu\": %.6f, \"peak_kib\": %ld}\n",
               wall.count(), Seconds(usage.ru_utime) + Seconds(usage.ru_stime),
               usage.ru_maxrss);
  std::fclose(out);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
