#ifndef OPERATOR_CONNECT_EXPORTER_BASE_FILE_STAMP_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_FILE_STAMP_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace operator_connect {

// Tells one version of a file, or of a folder's list of files, from the next.
// Times are nanoseconds. All zero: there is no such file.
struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified = 0;
  std::int64_t changed = 0;

  bool operator==(const FileStamp&) const = default;

  // One stat(); follows links.
  static FileStamp Of(const std::string& path);
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_FILE_STAMP_H_
