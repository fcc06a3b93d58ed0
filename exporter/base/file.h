#ifndef OPERATOR_CONNECT_EXPORTER_BASE_FILE_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace operator_connect {

// Why a file could not be read, for people: "no such file", "is a directory",
// "permission denied", "is larger than 1MiB". Names neither the file nor
// anything that it holds.
struct FileError {
  std::string message;
};

// The most that a secret, certificate or key file may hold.
inline constexpr std::size_t kMaxSmallFile = std::size_t{1} << 20;

// All bytes of the file at `path`, at most `max_bytes` of them: a longer one
// is an error, and is not read to its end. Pipes and devices are read too.
// Blocks as long as the file system does.
Result<std::string, FileError> ReadFile(const std::string& path,
                                        std::size_t max_bytes = kMaxSmallFile);

// A secret from a regular file (or a link to one), without the white space
// around it and a byte order mark before it. An error also when nothing is
// left, and when what is left holds a control character, which no request may
// carry. Read anew at each call, so that a secret can be rotated. Never logs or
// repeats what the file holds.
Result<std::string, FileError> ReadSecretFile(const std::string& path);

// The error that keeps a program from reading `path` as a regular file of at
// most kMaxSmallFile bytes; empty if nothing does.
std::string WhyUnreadable(const std::string& path);

// What keeps `secret` from being one, with what to write instead: a placeholder
// such as ${SECRET} or <secret>, quotes around it, a space that does not break,
// a control character, UTF-16. Empty: nothing. Repeats no byte of it.
std::string_view SecretProblem(std::string_view secret);

// Whether `text` may be shown as a path: it has a slash or a dot, and each part
// is short, and not as mixed as a secret that was written in a path's place.
bool LooksLikePath(std::string_view text);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_FILE_H_
