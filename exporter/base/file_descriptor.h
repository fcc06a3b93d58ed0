#ifndef OPERATOR_CONNECT_EXPORTER_BASE_FILE_DESCRIPTOR_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace operator_connect {

// Owns a file descriptor, and closes it.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() { Close(); }

  bool ok() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_FILE_DESCRIPTOR_H_
