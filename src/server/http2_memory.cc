#include "server/http2_memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace intermission::server {
namespace {

// Nothing else that a session asks for while it is made is as large.
constexpr std::size_t kLeastFrame = std::size_t{16} * 1024;

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

bool is_zero(const void* memory, std::size_t size) {
  const auto* const bytes = static_cast<const unsigned char*>(memory);
  return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, size - 1) == 0;
}

}  // namespace

struct Http2Memory::Functions {
  static Http2Memory& of(void* user) { return *static_cast<Http2Memory*>(user); }

  static void* allocate(std::size_t size, void* user) { return of(user).allocate(size); }
  static void release(void* memory, void* user) { of(user).release(memory); }
  static void* allocate_cleared(std::size_t count, std::size_t size, void* user) {
    return of(user).allocate_cleared(count * size);
  }
  static void* allocate_again(void* memory, std::size_t size, void* user) {
    return of(user).allocate_again(memory, size);
  }
};

Http2Memory::Http2Memory(Http2SharedMemory& shared)
    : shared_(shared),
      interface_{this, Functions::allocate, Functions::release, Functions::allocate_cleared,
                 Functions::allocate_again} {}

// ------------------------------------------------------------------ the allocator

void* Http2Memory::allocate(std::size_t size) {
  void* const memory = std::malloc(size);
  held_ += malloc_usable_size(memory);
  return memory;
}

void* Http2Memory::allocate_cleared(std::size_t size) {
  const bool fills_page = page_ == nullptr && size == page_size();
  void* const memory = fills_page ? std::aligned_alloc(size, size) : std::calloc(1, size);
  if (memory == nullptr) return nullptr;
  const std::size_t bytes = malloc_usable_size(memory);
  held_ += bytes;
  if (fills_page) {
    page_ = std::memset(memory, 0, size);
    page_bytes_ = bytes;
  }
  return memory;
}

void* Http2Memory::allocate_again(void* memory, std::size_t size) {
  if (memory == nullptr && !has_lent_ && size > kLeastFrame && size <= Http2SharedMemory::kFrame) {
    has_lent_ = true;
    return lent_ = shared_.frame_->data();
  }
  if (memory != nullptr && memory == lent_) {
    void* const own = allocate(size);
    if (own == nullptr) return nullptr;
    return std::memcpy(own, std::exchange(lent_, nullptr), std::min(size, shared_.frame_->size()));
  }
  if (memory == page_) forget_page();
  const std::size_t before = malloc_usable_size(memory);
  void* const grown = std::realloc(memory, size);
  if (grown == nullptr) return nullptr;
  held_ += malloc_usable_size(grown) - before;
  return grown;
}

void Http2Memory::release(void* memory) {
  if (memory == nullptr) return;
  if (memory == lent_) {
    lent_ = nullptr;
    return;
  }
  if (memory == page_) forget_page();
  held_ -= malloc_usable_size(memory);
  std::free(memory);
}

void Http2Memory::forget_page() {
  page_ = nullptr;
  page_bytes_ = 0;
}

// ------------------------------------------------------------------ rest

// The order is that of time, since `now_ms` never goes back.
void Http2Memory::fall_idle(std::uint64_t now_ms) {
  leave_queue();
  is_idle_ = waits_ = true;
  idle_since_ = now_ms;
  before_ = shared_.newest_;
  (before_ != nullptr ? before_->after_ : shared_.oldest_) = this;
  shared_.newest_ = this;
}

void Http2Memory::wake() {
  is_idle_ = false;
  leave_queue();
}

void Http2Memory::leave_queue() {
  if (!std::exchange(waits_, false)) return;
  (before_ != nullptr ? before_->after_ : shared_.oldest_) = after_;
  (after_ != nullptr ? after_->before_ : shared_.newest_) = before_;
  before_ = after_ = nullptr;
}

// What the kernel takes back reads as zeroes when it is touched again, so a page of zeroes can go
// whatever it is for.
void Http2Memory::rest() {
  leave_queue();
  if (page_ != nullptr && is_zero(page_, page_size())) madvise(page_, page_size(), MADV_DONTNEED);
}

void Http2SharedMemory::rest(std::uint64_t now_ms) {
  while (oldest_ != nullptr && oldest_->idle_since_ + kRestAfterMs <= now_ms) oldest_->rest();
}

std::optional<std::uint64_t> Http2SharedMemory::next() const {
  if (oldest_ == nullptr) return std::nullopt;
  return oldest_->idle_since_ + kRestAfterMs;
}

}  // namespace intermission::server
