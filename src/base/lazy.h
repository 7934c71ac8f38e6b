// A value that is made when it is first asked for, and never changes after.
//
//   Lazy<std::string> coded;
//   const std::string& text = coded.get([&] { return encode(coding, plain); });
//
// Reading what is there already is one atomic load. No thread ever waits for another: where two
// ask first at once both make the value, one is kept and the other thrown away, so making it
// must have no effect but its result.
#pragma once

#include <atomic>
#include <memory>

namespace intermission::base {

/// Any thread; outlives its readers.
template <typename T>
class Lazy {
 public:
  Lazy() = default;
  ~Lazy() { delete value_.load(std::memory_order_relaxed); }
  Lazy(const Lazy&) = delete;
  Lazy& operator=(const Lazy&) = delete;

  /// The value; `make` yields it if this is the first question. Throws what `make` throws, and
  /// then there is still no value.
  template <typename Make>
  const T& get(Make&& make) const {
    if (const T* known = value_.load(std::memory_order_acquire)) return *known;
    // Not by make_unique: so T need not be movable.
    std::unique_ptr<const T> made(new T(std::forward<Make>(make)()));
    const T* first = nullptr;
    if (value_.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) {
      return *made.release();
    }
    return *first;
  }

 private:
  mutable std::atomic<const T*> value_{nullptr};
};

}  // namespace intermission::base
