#ifndef OPERATOR_CONNECT_EXPORTER_BASE_FILE_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace operator_connect {

// Why a file could not be read, for people: "no such file", "is a directory",
// "permission denied", "is larger than 1MiB". Names neither the file nor its
// content.
struct FileError {
  std::string message;
};

// The largest secret, certificate or key file.
inline constexpr std::size_t kMaxSmallFile = std::size_t{1} << 20;

// Reads all bytes of the file at `path`. More than `max_bytes` is an error, and
// is not read to the end. Reads pipes and devices too. Blocks as long as the
// file system does.
Result<std::string, FileError> ReadFile(const std::string& path,
                                        std::size_t max_bytes = kMaxSmallFile);

// Reads a secret from a regular file (or a link to one), without white space
// around it and without a byte order mark. It is an error if nothing is left,
// or if a control character is left, which no request may carry. Reads the file
// at each call, so that a secret can be rotated. Never logs or repeats the
// content.
Result<std::string, FileError> ReadSecretFile(const std::string& path);

// Why `path` cannot be read as a regular file of at most kMaxSmallFile bytes;
// empty if it can.
std::string WhyUnreadable(const std::string& path);

// Why `secret` cannot be a secret, and what to write instead: it is a
// placeholder such as ${SECRET} or <secret>, is quoted, is UTF-16, or has a
// no-break space or a control character. Empty if it can. Repeats no byte of
// it.
std::string_view SecretProblem(std::string_view secret);

// Whether `text` may be shown as a path: it has a slash or a dot, and each part
// is short and less mixed than a secret that was written in place of a path.
bool LooksLikePath(std::string_view text);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_FILE_H_
