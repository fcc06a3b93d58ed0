#ifndef OPERATOR_CONNECT_EXPORTER_WEB_WATCH_LIST_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_WATCH_LIST_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/web/connection.h"
#include "exporter/base/file_descriptor.h"

namespace operator_connect::web {

// A connection whose next request has not arrived yet.
struct Waiting {
  std::shared_ptr<Connection> connection;
  SteadyTime since;             // it waits for a request
  SteadyTime deadline;          // when that has lasted too long
  bool begun = false;           // the deadline is that of a request's head
  bool lingers = false;         // it is only read to its end
  bool wants_to_write = false;  // waits to write, else to read
};

// The connections that wait, and other descriptors beside them, watched by
// epoll. For one thread.
class WatchList {
 public:
  // Throws std::system_error when the process has no descriptor left.
  WatchList();

  // A descriptor that is no connection, watched for input.
  void AddOther(int fd);
  void RemoveOther(int fd);

  void Add(Waiting waiting);
  // Null: no connection of that descriptor waits here.
  Waiting* Find(int fd);
  void WatchFor(Waiting& waiting, bool writing);
  void Remove(int fd);
  void Clear() { waiting_.clear(); }

  std::size_t size() const { return waiting_.size(); }
  const std::map<int, Waiting>& all() const { return waiting_; }
  // The descriptor of the connection that has waited longest.
  std::optional<int> LongestWaiting() const;
  // The earliest deadline; max() without any.
  SteadyTime NextDeadline() const;
  std::vector<int> Expired(SteadyTime now) const;

  // Blocks until something can be done, until `until` at the latest. The
  // descriptors that are ready.
  std::vector<int> Wait(SteadyTime until) const;

 private:
  const FileDescriptor epoll_;
  std::map<int, Waiting> waiting_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_WATCH_LIST_H_
