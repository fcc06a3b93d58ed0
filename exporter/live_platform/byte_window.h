#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_BYTE_WINDOW_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_BYTE_WINDOW_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace operator_connect::live_platform {

// The part of a byte stream that has arrived and is not yet consumed, in one
// writable piece of memory. Pointers into it live until the next Append() or
// Clear().
class ByteWindow {
 public:
  // Starts at `first_size` bytes and grows as needed. `slack` bytes after its
  // end are writable.
  ByteWindow(std::size_t first_size, std::size_t slack)
      : first_size_(first_size), slack_(slack) {}

  char* data() { return memory_.get() + begin_; }
  const char* data() const { return memory_.get() + begin_; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  // Takes as much of `bytes` as fits, at least one byte, and returns the number
  // of bytes. Throws std::bad_alloc.
  std::size_t Append(std::string_view bytes);

  // Removes the first `size` bytes.
  void Remove(std::size_t size) { begin_ += size; }

  // Removes all bytes, and frees memory beyond the first size.
  void Clear();

 private:
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  void MakeRoom();

  const std::size_t first_size_;
  const std::size_t slack_;
  std::unique_ptr<char, Free> memory_;
  std::size_t capacity_ = 0;  // without the slack
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_BYTE_WINDOW_H_
