#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_BYTE_WINDOW_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_BYTE_WINDOW_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace operator_connect::live_platform {

// The part of a stream of bytes that has arrived and is not yet done with, in
// one piece of memory that may be written to. Pointers into it live until the
// next Append() or Clear().
class ByteWindow {
 public:
  // It starts at `first_size` bytes and grows when it must. `slack` bytes may
  // be written behind its end.
  ByteWindow(std::size_t first_size, std::size_t slack)
      : first_size_(first_size), slack_(slack) {}

  char* data() { return memory_.get() + begin_; }
  const char* data() const { return memory_.get() + begin_; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  // Takes as much of `bytes` as there is room for, at least one byte, and
  // returns how many. Throws std::bad_alloc.
  std::size_t Append(std::string_view bytes);

  // Lets go of the first `size` bytes.
  void Remove(std::size_t size) { begin_ += size; }

  // Lets go of all bytes, and of memory beyond the first size.
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
