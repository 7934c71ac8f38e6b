// The memory of sessions of nghttp2, by its own interface for allocators (nghttp2_mem): counted,
// and little while a connection is idle. Left to malloc a session takes 26 KiB from its beginning
// on:
//
//   16 KiB  to pack one frame into    lent: all sessions of a worker pack into the same bytes
//    4 KiB  the table of streams      a page of its own, given back to the kernel while it is empty
//    5 KiB  HPACK, and all else       malloc
//
// nghttp2 packs a frame and hands it out within one call of nghttp2_session_mem_send(), and its
// caller has copied it before the next call: the lent bytes hold nothing between two calls. What is
// longer than a frame, such as a field section with continuations, goes on in memory of the
// session's own.
#pragma once

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace intermission::server {

class Http2Memory;

/// What the sessions of one worker share. It outlives them, and only the worker's thread uses it.
class Http2SharedMemory {
 public:
  /// A page is given back to the kernel when nothing has happened for so long: that costs as much
  /// as the next request's first touch of it, together a tenth of a request.
  static constexpr std::uint64_t kRestAfterMs = 1000;

  Http2SharedMemory() = default;
  Http2SharedMemory(const Http2SharedMemory&) = delete;
  Http2SharedMemory& operator=(const Http2SharedMemory&) = delete;

  /// Gives back what sessions do not need that have been idle for kRestAfterMs.
  void rest(std::uint64_t now_ms);
  /// When there is something to give back; nothing where all rest.
  std::optional<std::uint64_t> next() const;

 private:
  friend class Http2Memory;

  // A frame as large as a peer takes unasked (RFC 9113 §4.2), with its head and padding.
  static constexpr std::size_t kFrame = std::size_t{17} * 1024;

  using Frame = std::array<std::byte, kFrame>;
  std::unique_ptr<Frame> frame_ = std::make_unique_for_overwrite<Frame>();
  Http2Memory* oldest_ = nullptr;  // of those that wait to rest, in the order of time
  Http2Memory* newest_ = nullptr;
};

/// The memory of one session.
class Http2Memory {
 public:
  explicit Http2Memory(Http2SharedMemory& shared);
  ~Http2Memory() { leave_queue(); }
  Http2Memory(const Http2Memory&) = delete;
  Http2Memory& operator=(const Http2Memory&) = delete;

  /// For nghttp2_session_server_new3(). That session ends before this does.
  nghttp2_mem* interface() { return &interface_; }

  /// Bytes that the session holds itself; the page counts while a stream is open.
  std::size_t held() const { return is_idle_ ? held_ - page_bytes_ : held_; }

  /// No stream is open: it may rest when that lasts.
  void fall_idle(std::uint64_t now_ms);
  /// One is again.
  void wake();

 private:
  friend class Http2SharedMemory;
  struct Functions;

  void* allocate(std::size_t size);
  void* allocate_cleared(std::size_t size);
  void* allocate_again(void* memory, std::size_t size);
  void release(void* memory);
  void forget_page();
  void leave_queue();
  void rest();

  Http2SharedMemory& shared_;
  nghttp2_mem interface_;
  std::size_t held_ = 0;
  bool has_lent_ = false;  // once, for all its life
  void* lent_ = nullptr;
  void* page_ = nullptr;
  std::size_t page_bytes_ = 0;  // in `held_`
  bool is_idle_ = false;
  bool waits_ = false;  // to rest, since `idle_since_`, between two others
  std::uint64_t idle_since_ = 0;
  Http2Memory* before_ = nullptr;
  Http2Memory* after_ = nullptr;
};

}  // namespace intermission::server
