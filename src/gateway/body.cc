#include "gateway/body.h"

#include "gateway/coding.h"

namespace intermission::gateway {
namespace {

using negotiate::Coding;

Body make_body(const std::string& marked) {
  Body body{.text = dialect::Slotted(marked)};
  const std::string& text = body.text.text();
  if (body.text.has_slots() || text.size() < Body::kWorthCoding) return body;
  body.sizes = {{Coding::kIdentity, text.size()}};
  for (const Coding coding : {Coding::kGzip, Coding::kBrotli, Coding::kZstd}) {
    std::string& coded = body.coded[static_cast<std::size_t>(coding)];
    coded = encode(coding, text);
    coded.shrink_to_fit();
    body.sizes.push_back({coding, coded.size()});
  }
  return body;
}

}  // namespace

std::shared_ptr<const Body> BodyStore::keep(const std::string& marked) {
  auto& body = bodies_[marked];
  if (!body) body = std::make_shared<const Body>(make_body(marked));
  return body;
}

}  // namespace intermission::gateway
