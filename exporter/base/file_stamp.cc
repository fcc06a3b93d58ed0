#include "exporter/base/file_stamp.h"

#include <sys/stat.h>

namespace operator_connect {
namespace {

std::int64_t Nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileStamp FileStamp::Of(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino, status.st_size,
          Nanoseconds(status.st_mtim), Nanoseconds(status.st_ctim)};
}

}  // namespace operator_connect
