// Bodies rendered early, in every coding in which they may be sent; each is kept once, whoever
// says it: problem details under three names, or the page of a thousand services that share one
// message.
//
//   BodyStore store;
//   prepared.body = store.keep(representation.body);
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "dialect/slotted.h"
#include "negotiate/negotiate.h"

namespace intermission::gateway {

/// Immutable; any thread.
struct Body {
  /// Smaller ones fit into a packet as they are: coding them gains nothing.
  static constexpr std::size_t kWorthCoding = 512;

  dialect::Slotted text;
  /// By negotiate::Coding. Only where the text has no slots and is worth it; any other body is
  /// coded for clients that refuse identity, when it is sent.
  std::array<std::string, negotiate::kCodings> coded = {};
  std::vector<negotiate::CodedSize> sizes = {};  // of what there is, identity first; or empty

  bool is_coded() const { return !sizes.empty(); }
};

class BodyStore {
 public:
  /// The body rendered as `marked` (with kSecondsMark in its slots). Equal texts are one body.
  std::shared_ptr<const Body> keep(const std::string& marked);

 private:
  std::unordered_map<std::string, std::shared_ptr<const Body>> bodies_;
};

}  // namespace intermission::gateway
