#ifndef OPERATOR_CONNECT_EXPORTER_BASE_RESULT_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_RESULT_H_

#include <type_traits>
#include <utility>
#include <variant>

namespace operator_connect {

// The result of a function that can fail: a value, or an error in its place.
// Errors are values here; an exception means a bug or no memory.
//
// Reading value() of a failure, or error() of a success, throws
// std::bad_variant_access: ask ok() first.
template <typename T, typename E>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<T, E>, "value and error must be told apart");

 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return held_.index() == 0; }

  const T& value() const& { return std::get<0>(held_); }
  T& value() & { return std::get<0>(held_); }
  T&& value() && { return std::get<0>(std::move(held_)); }
  const E& error() const& { return std::get<1>(held_); }
  E&& error() && { return std::get<1>(std::move(held_)); }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, E> held_;
};

// The value of a success without a result.
struct Done {};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_RESULT_H_
