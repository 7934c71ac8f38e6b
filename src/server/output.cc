#include "server/output.h"

#include <algorithm>
#include <utility>

namespace intermission::server {
namespace {

// iovec wants a mutable pointer for what it only reads.
iovec part(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

void Output::add(View view) {
  if (view.bytes.empty()) return;
  views_.push_back(std::move(view));
  std::size_t size = bytes_.size();
  for (const View& one : views_) size += one.bytes.size();
  ended_ = ended_ || views_.size() == kMostViews || size >= kEnough;
}

void Output::refer(std::string_view view, std::shared_ptr<const void> owner) {
  add({bytes_.size(), view, std::move(owner), false});
}

void Output::borrow(std::string_view view) {
  add({bytes_.size(), view, nullptr, true});
  ended_ = true;
}

// Calls `segment` with each run of bytes that is left, and the view that it is, or null.
template <typename Segment>
void Output::for_each_unsent(Segment segment) const {
  std::size_t at = bytes_sent_;
  for (std::size_t i = views_sent_; i < views_.size(); ++i) {
    const View& view = views_[i];
    if (view.behind > at) segment(std::string_view(bytes_).substr(at, view.behind - at), nullptr);
    segment(view.bytes, &view);
    at = view.behind;
  }
  if (bytes_.size() > at) segment(std::string_view(bytes_).substr(at), nullptr);
}

Output::Pending Output::pending(std::size_t limit) const {
  Pending out;
  for_each_unsent([&](std::string_view bytes, const View*) {
    bytes = bytes.substr(0, limit - out.size);
    if (bytes.empty()) return;
    out.parts[out.count++] = part(bytes);
    out.size += bytes.size();
  });
  return out;
}

void Output::sent(std::size_t size) {
  for (; views_sent_ < views_.size(); ++views_sent_) {
    View& view = views_[views_sent_];
    const std::size_t before = std::min(size, view.behind - bytes_sent_);
    bytes_sent_ += before;
    size -= before;
    const std::size_t of_view = std::min(size, view.bytes.size());
    view.bytes.remove_prefix(of_view);
    size -= of_view;
    if (bytes_sent_ < view.behind || !view.bytes.empty()) return;
    view.owner.reset();
  }
  bytes_sent_ += size;
  if (bytes_sent_ == bytes_.size()) clear();
}

template <typename Copied>
void Output::take_rest(const Output& from, Copied is_copied) {
  std::size_t own = 0;
  from.for_each_unsent([&](std::string_view bytes, const View* view) {
    if (view == nullptr || is_copied(*view)) own += bytes.size();
  });
  reserve_exactly(bytes_, own);
  from.for_each_unsent([&](std::string_view bytes, const View* view) {
    if (view == nullptr || is_copied(*view)) {
      bytes_.append(bytes);
    } else {
      refer(bytes, view->owner);
    }
  });
}

void Output::keep(Output& round) {
  take_rest(round, [](const View& view) { return view.is_borrowed; });
  round.clear();
}

std::size_t Output::to_keep() const {
  std::size_t size = 0;
  for_each_unsent([&](std::string_view bytes, const View* view) {
    size += view == nullptr || view->is_borrowed ? bytes.size() : sizeof(View);
  });
  return size;
}

std::size_t Output::referred() const {
  std::size_t size = 0;
  for_each_unsent([&](std::string_view bytes, const View* view) {
    if (view != nullptr && view->owner != nullptr) size += bytes.size();
  });
  return size;
}

void Output::own() {
  Output all;
  all.take_rest(*this, [](const View& view) { return view.owner != nullptr; });
  *this = std::move(all);
}

void Output::clear() {
  bytes_.clear();
  if (bytes_.capacity() > 2 * kEnough) bytes_.shrink_to_fit();
  bytes_sent_ = 0;
  views_.clear();
  views_sent_ = 0;
  ended_ = false;
}

}  // namespace intermission::server
