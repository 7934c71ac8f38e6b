#include "snapshot/body.h"

#include "snapshot/coding.h"

namespace intermission::snapshot {

using negotiate::Coding;

const std::string& Body::coded(Coding coding) const {
  if (coding == Coding::kIdentity) return text_.text();
  return coded_[static_cast<std::size_t>(coding)].get([&] {
    std::string made = encode(coding, text_.text());
    made.shrink_to_fit();
    return made;
  });
}

std::array<negotiate::CodedSize, negotiate::kCodings> Body::sizes() const {
  const std::size_t bytes = text_.text().size();
  return {{{Coding::kIdentity, bytes},
           {Coding::kBrotli, bytes - 3},
           {Coding::kGzip, bytes - 2},
           {Coding::kZstd, bytes - 1}}};
}

}  // namespace intermission::snapshot
