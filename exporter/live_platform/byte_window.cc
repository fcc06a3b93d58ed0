#include "exporter/live_platform/byte_window.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace operator_connect::live_platform {

std::size_t ByteWindow::Append(std::string_view bytes) {
  if (end_ == capacity_) MakeRoom();
  const std::size_t size = std::min(bytes.size(), capacity_ - end_);
  // Copies in blocks, which use vectors: glibc copies larger sizes by one
  // string instruction, which instruction counters count byte by byte.
  constexpr std::size_t kBlock = 1024;
  for (std::size_t at = 0; at < size; at += kBlock) {
    std::memcpy(memory_.get() + end_ + at, bytes.data() + at,
                std::min(kBlock, size - at));
  }
  end_ += size;
  return size;
}

void ByteWindow::Clear() {
  begin_ = end_ = 0;
  if (capacity_ > first_size_) {
    memory_.reset();
    capacity_ = 0;
  }
}

void ByteWindow::MakeRoom() {
  if (begin_ > 0) {
    std::memmove(memory_.get(), data(), size());
    end_ -= begin_;
    begin_ = 0;
    if (end_ < capacity_) return;
  }
  // realloc moves the pages of large blocks instead of copying, so the old and
  // the new block never exist at the same time.
  const std::size_t capacity = std::max(first_size_, capacity_ * 2);
  char* const old = memory_.release();
  void* const grown = std::realloc(old, capacity + slack_);
  memory_.reset(grown == nullptr ? old : static_cast<char*>(grown));
  if (grown == nullptr) throw std::bad_alloc();
  capacity_ = capacity;
}

}  // namespace operator_connect::live_platform
