#include "exporter/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "exporter/base/file_descriptor.h"
#include "exporter/base/text.h"
#include "exporter/base/utf8.h"

namespace operator_connect {
namespace {

// strerror() is not thread-safe and depends on the locale.
FileError FromErrno(int error) {
  switch (error) {
    case ENOENT:
      return {"no such file"};
    case ENOTDIR:
      return {"no such file: a part of its path is not a directory"};
    case EACCES:
    case EPERM:
      return {"permission denied"};
    case EISDIR:
      return {"is a directory"};
    case ELOOP:
      return {"too many symbolic links"};
    case ENAMETOOLONG:
      return {"the path is too long"};
    default:
      return {"cannot be read (error " + std::to_string(error) + ")"};
  }
}

std::string FormatLimit(std::size_t bytes) {
  if (bytes % (std::size_t{1} << 20) == 0) {
    return std::to_string(bytes >> 20) + "MiB";
  }
  return std::to_string(bytes) + " bytes";
}

std::optional<FileError> AppendAll(int fd, std::size_t max_bytes,
                                   std::string& out) {
  char buffer[1 << 16];
  while (out.size() <= max_bytes) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got == 0) return std::nullopt;
    if (got > 0) {
      out.append(buffer, static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      return FromErrno(errno);
    }
  }
  return FileError{"is larger than " + FormatLimit(max_bytes)};
}

Result<std::string, FileError> Read(const std::string& path,
                                    std::size_t max_bytes, bool only_regular) {
  if (path.find('\0') != path.npos) return FileError{"no such file"};
  // O_NONBLOCK: opening a pipe without a writer must not hang.
  const FileDescriptor fd(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.ok()) return FromErrno(errno);
  struct stat status = {};
  if (::fstat(fd.get(), &status) != 0) return FromErrno(errno);
  if (S_ISDIR(status.st_mode)) return FileError{"is a directory"};
  if (only_regular && !S_ISREG(status.st_mode)) {
    return FileError{"is not a regular file"};
  }
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
  std::string text;
  if (auto error = AppendAll(fd.get(), max_bytes, text)) return *error;
  return text;
}

}  // namespace

Result<std::string, FileError> ReadFile(const std::string& path,
                                        std::size_t max_bytes) {
  return Read(path, max_bytes, false);
}

Result<std::string, FileError> ReadSecretFile(const std::string& path) {
  Result<std::string, FileError> text = Read(path, kMaxSmallFile, true);
  if (!text.ok()) return text;
  std::string_view secret = *text;
  if (secret.starts_with(kByteOrderMark)) {
    secret.remove_prefix(kByteOrderMark.size());
  }
  secret = TrimWhitespace(secret);
  if (secret.empty()) return FileError{"is empty"};
  const std::string_view problem = SecretProblem(secret);
  if (!problem.empty()) return FileError{std::string(problem)};
  return std::string(secret);
}

std::string_view SecretProblem(std::string_view secret) {
  const auto within = [secret](std::string_view begin, std::string_view end) {
    return secret.size() >= begin.size() + end.size() &&
           secret.starts_with(begin) && secret.ends_with(end);
  };
  if (secret.starts_with("\xFF\xFE") || secret.starts_with("\xFE\xFF") ||
      secret.find('\0') != secret.npos) {
    return "is UTF-16 or has a NUL in it; write it as UTF-8";
  }
  if (HasControlCharacter(secret)) {
    return "holds a line break or control character in its middle; write it in "
           "one line";
  }
  if (within("${", "}") || within("$(", ")")) {
    return "is a variable, which nothing replaces; write the value itself, or "
           "the path of a file that holds it";
  }
  if (within("<", ">")) {
    return "is a placeholder in angle brackets; write the value itself";
  }
  if (within("\"", "\"") || within("'", "'")) {
    return "has quotes around it, which would be sent; write it without them";
  }
  if (secret.find("\xC2\xA0") != secret.npos) {
    return "holds a no-break space, as copying from a page leaves one; write "
           "it "
           "without";
  }
  return {};
}

bool LooksLikePath(std::string_view text) {
  if (text.find_first_of("/.") == text.npos) return false;
  while (!text.empty()) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string_view part = text.substr(0, slash);
    const auto has = [part](char first, char last) {
      return std::any_of(part.begin(), part.end(),
                         [=](char c) { return c >= first && c <= last; });
    };
    constexpr std::size_t kShortestSecret = 32;
    if (part.size() >= kShortestSecret ||
        (has('a', 'z') && has('A', 'Z') && has('0', '9'))) {
      return false;
    }
    text.remove_prefix(std::min(slash + 1, text.size()));
  }
  return true;
}

std::string WhyUnreadable(const std::string& path) {
  const auto text = Read(path, kMaxSmallFile, true);
  return text.ok() ? "" : text.error().message;
}

}  // namespace operator_connect
