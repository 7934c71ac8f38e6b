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

void Output::refer(std::string_view body, std::shared_ptr<const void> owner) {
  body_ = body;
  owner_ = std::move(owner);
  borrowed_ = false;
}

void Output::borrow(std::string_view body) {
  body_ = body;
  borrowed_ = true;
}

Output::Pending Output::pending(std::size_t limit) const {
  Pending out;
  const auto bytes = std::string_view(bytes_).substr(bytes_sent_, limit);
  if (!bytes.empty()) out.parts[out.count++] = part(bytes);
  const auto body = body_.substr(0, limit - bytes.size());
  if (!body.empty()) out.parts[out.count++] = part(body);
  return out;
}

void Output::sent(std::size_t bytes) {
  const std::size_t from_bytes = std::min(bytes, bytes_.size() - bytes_sent_);
  bytes_sent_ += from_bytes;
  body_.remove_prefix(bytes - from_bytes);
  if (empty()) clear();
}

void Output::keep(Output& round) {
  reserve_exactly(bytes_, round.to_keep());
  bytes_.assign(round.bytes_, round.bytes_sent_);
  bytes_sent_ = 0;
  body_ = round.body_;
  owner_ = std::move(round.owner_);
  borrowed_ = false;
  if (round.borrowed_) {
    bytes_.append(round.body_);
    body_ = {};
  }
  round.clear();
}

void Output::own() {
  std::string all;
  all.reserve(bytes_.size() - bytes_sent_ + body_.size());
  all.append(bytes_, bytes_sent_).append(body_);
  clear();
  bytes_.swap(all);
}

void Output::clear() {
  bytes_.clear();
  if (bytes_.capacity() > 2 * kEnough) bytes_.shrink_to_fit();
  bytes_sent_ = 0;
  body_ = {};
  owner_.reset();
  borrowed_ = false;
}

}  // namespace intermission::server
