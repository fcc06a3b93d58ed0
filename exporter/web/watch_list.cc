#include "exporter/web/watch_list.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <limits>
#include <system_error>
#include <utility>

namespace operator_connect::web {
namespace {

void Control(int epoll, int operation, int fd, std::uint32_t events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll, operation, fd, &event);
}

std::uint32_t EventsOf(const Waiting& waiting) {
  return waiting.wants_to_write ? EPOLLOUT : EPOLLIN;
}

int MillisecondsTo(SteadyTime until) {
  if (until == SteadyTime::max()) return -1;
  using std::chrono::milliseconds;
  const auto left =
      std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
  return static_cast<int>(
      std::clamp<milliseconds::rep>(left.count(), 0, 3'600'000));
}

}  // namespace

WatchList::WatchList() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.ok()) {
    throw std::system_error(errno, std::generic_category(), "epoll");
  }
}

void WatchList::AddOther(int fd) {
  Control(epoll_.get(), EPOLL_CTL_ADD, fd, EPOLLIN);
}

void WatchList::RemoveOther(int fd) {
  Control(epoll_.get(), EPOLL_CTL_DEL, fd, 0);
}

void WatchList::Add(Waiting waiting) {
  const int fd = waiting.connection->fd();
  Control(epoll_.get(), EPOLL_CTL_ADD, fd, EventsOf(waiting));
  waiting_.insert_or_assign(fd, std::move(waiting));
}

Waiting* WatchList::Find(int fd) {
  const auto found = waiting_.find(fd);
  return found == waiting_.end() ? nullptr : &found->second;
}

void WatchList::WatchFor(Waiting& waiting, bool writing) {
  if (waiting.wants_to_write == writing) return;
  waiting.wants_to_write = writing;
  Control(epoll_.get(), EPOLL_CTL_MOD, waiting.connection->fd(),
          EventsOf(waiting));
}

void WatchList::Remove(int fd) {
  // Another thread may still hold the connection: closing it later would
  // leave it watched.
  Control(epoll_.get(), EPOLL_CTL_DEL, fd, 0);
  waiting_.erase(fd);
}

std::optional<int> WatchList::LongestWaiting() const {
  const auto longest = std::min_element(
      waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
        return a.second.since < b.second.since;
      });
  if (longest == waiting_.end()) return std::nullopt;
  return longest->first;
}

SteadyTime WatchList::NextDeadline() const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [fd, waiting] : waiting_) {
    next = std::min(next, waiting.deadline);
  }
  return next;
}

std::vector<int> WatchList::Expired(SteadyTime now) const {
  std::vector<int> expired;
  for (const auto& [fd, waiting] : waiting_) {
    if (waiting.deadline <= now) expired.push_back(fd);
  }
  return expired;
}

std::vector<int> WatchList::Wait(SteadyTime until) const {
  std::array<epoll_event, 64> events;
  const int count =
      ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                   MillisecondsTo(until));
  std::vector<int> ready;
  for (int i = 0; i < count; ++i) {
    ready.push_back(events[static_cast<std::size_t>(i)].data.fd);
  }
  return ready;
}

}  // namespace operator_connect::web
