// The body of a response: text of its own, or bytes that are not copied, because they live for ever
// or something keeps them alive. It may be moved: nothing in it points into it.
//
//   response.body.own() = "for this request";
//   response.body.refer(rendered, rendered_owner);
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace intermission::http {

/// Keeps its memory when it is cleared. Not thread-safe.
class Body {
 public:
  std::string_view view() const { return is_own_ ? std::string_view(text_) : bytes_; }
  std::size_t size() const { return view().size(); }
  bool empty() const { return view().empty(); }

  /// Its own text, which is the body from now on, for writing.
  std::string& own() {
    is_own_ = true;
    return text_;
  }
  bool is_own() const { return is_own_; }
  /// Memory that its own text takes, be it the body or not.
  std::size_t capacity() const { return text_.capacity(); }

  /// `bytes` are the body; they live until `owner` is released, or for ever.
  void refer(std::string_view bytes, std::shared_ptr<const void> owner = nullptr) {
    is_own_ = false;
    bytes_ = bytes;
    owner_ = std::move(owner);
  }
  /// Of the bytes that are referred to.
  void set_owner(std::shared_ptr<const void> owner) { owner_ = std::move(owner); }
  /// Then it is the caller who keeps the bytes alive.
  std::shared_ptr<const void> take_owner() { return std::move(owner_); }

  void clear() {
    is_own_ = false;
    bytes_ = {};
    text_.clear();
    owner_.reset();
  }

 private:
  bool is_own_ = false;
  std::string_view bytes_;
  std::string text_;
  std::shared_ptr<const void> owner_;
};

}  // namespace intermission::http
