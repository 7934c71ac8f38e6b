// What the schemas of a body demand of the ids that are written into it when it is sent, and
// which of a request's ids fulfil it. A body that names the request is said only to requests whose
// ids fit; all other requests get the body without ids.
//
//   IdLimits limits;
//   limits.add(IdLimits::Kind::kTrace, schema);     // { type: string, pattern: '^[0-9a-f]{32}$' }
//   limits.fit({"abc-7", "4bf92f3577b34da6a3ce929d0e0e4736"});   // both may be said
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "openapi/schema_pattern.h"
#include "openapi/schema_view.h"

namespace intermission::openapi {

/// The names under which both ends know a request; empty where it has none. They consist of
/// characters that need no escape in any syntax.
struct RequestIds {
  std::string_view request;
  std::string_view trace;
};

class IdLimits {
 public:
  enum class Kind : std::uint8_t { kRequest, kTrace };

  /// One more id of that kind is written into the body, where that schema stands. False, and
  /// nothing is added, if it demands what is not understood here.
  bool add(Kind kind, const SchemaView& schema);

  void merge(const IdLimits& others);

  /// Whether no id is written at all.
  bool empty() const { return limits_.empty(); }

  /// What to write for either kind: the id of that kind if it fits, else the other. Nothing if
  /// there is a place into which none fits. Allocates nothing.
  std::optional<RequestIds> fit(const RequestIds& known) const;

 private:
  struct Limit {
    Kind kind = Kind::kRequest;
    std::size_t least = 1;
    std::size_t most = std::numeric_limits<std::size_t>::max();
    std::vector<std::string> formats = {};
    std::vector<SchemaPattern> patterns = {};

    bool allows(std::string_view id) const;
  };

  bool all_allow(Kind kind, std::string_view id) const;

  std::vector<Limit> limits_;
};

}  // namespace intermission::openapi
