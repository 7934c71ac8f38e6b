// Counts what a piece of code allocates. Replaces the operators new and delete of the whole
// program, so it may be included by one source file of a program only.
//
// Under the thread sanitizer, whose own operators cannot be replaced, it counts nothing and reports
// zero: the other builds are the ones that count.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#include "support/sanitizers.h"

namespace intermission::testing {

inline thread_local bool counting_allocations = false;
inline thread_local std::size_t counted_allocations = 0;

/// How often `work` called operator new on this thread.
template <typename Work>
std::size_t allocations_of(Work work) {
  counted_allocations = 0;
  counting_allocations = true;
  work();
  counting_allocations = false;
  return counted_allocations;
}

inline void* allocate(std::size_t size) noexcept {
  if (counting_allocations) ++counted_allocations;
  return std::malloc(size == 0 ? 1 : size);
}

inline void* allocate_or_throw(std::size_t size) {
  void* memory = allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace intermission::testing

#ifndef INTERMISSION_THREAD_SANITIZER

// All forms but those for over-aligned types: a sanitizer that supplied one of a pair would
// miss the other. Not inlined, or GCC sees malloc where it expects new.
[[gnu::noinline]] void* operator new(std::size_t size) {
  return intermission::testing::allocate_or_throw(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  return intermission::testing::allocate_or_throw(size);
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return intermission::testing::allocate(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return intermission::testing::allocate(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

#endif
