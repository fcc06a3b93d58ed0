#include <malloc.h>

#include <iostream>
#include <memory>

#include "exporter/base/clock.h"
#include "exporter/base/descriptors.h"
#include "exporter/base/log.h"
#include "exporter/check.h"
#include "exporter/flags.h"
#include "exporter/once.h"
#include "exporter/serve.h"

namespace operator_connect {
namespace {

int Run(int argc, char** argv) {
  // Threads come and go with scrapes. With an arena for each, freed memory
  // stays in the arenas: after 16 compressed responses of 12 MB at once the
  // idle process kept 10 MB, and with two arenas 1 MB.
  ::mallopt(M_ARENA_MAX, 2);

  const Result<Flags, EarlyExit> flags = ParseFlags(argc, argv);
  if (!flags.ok()) {
    const EarlyExit& exit = flags.error();
    (exit.exit_code == 0 ? std::cout : std::cerr) << exit.text << std::flush;
    return exit.exit_code;
  }
  const SystemClock clock;
  if (flags->config_check) {
    return CheckConfiguration(*flags, clock, std::cout, std::cerr);
  }
  // Each connection takes three descriptors.
  RaiseDescriptorLimit();
  const std::unique_ptr<Log> log =
      MakeStderrLog(flags->log_level, flags->log_format);
  if (flags->once) {
    return CollectOnce(*flags, clock, *log, std::cout, std::cerr);
  }
  return ServeUntilSignal(*flags, clock, *log, std::cerr);
}

}  // namespace
}  // namespace operator_connect

int main(int argc, char** argv) { return operator_connect::Run(argc, argv); }
