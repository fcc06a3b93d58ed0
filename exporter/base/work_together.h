#ifndef OPERATOR_CONNECT_EXPORTER_BASE_WORK_TOGETHER_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_WORK_TOGETHER_H_

#include <cstddef>
#include <functional>

#include "exporter/base/clock.h"
#include "exporter/base/thread_pool.h"

namespace operator_connect {

// Does `turns` pieces of work, numbered from 0 and begun in that order, with up
// to `workers` threads: the caller's own, and others of `pool` as they become
// free. Each worker calls `start` once, on its own thread, and then the
// returned function for each of its turns. None is begun after `deadline`.
// Returns when all begun work is done.
void WorkTogether(
    ThreadPool& pool, std::size_t workers, std::size_t turns,
    const Deadline& deadline,
    const std::function<std::function<void(std::size_t turn)>()>& start);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_WORK_TOGETHER_H_
