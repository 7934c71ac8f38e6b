#include "openapi/id_limits.h"

#include <algorithm>
#include <array>
#include <utility>

#include "openapi/schema_check.h"

namespace intermission::openapi {
namespace {

// Keywords whose word on a text is only known when the text is.
constexpr std::array<std::string_view, 3> kConditions = {"not", "if", "contentEncoding"};

}  // namespace

bool IdLimits::add(Kind kind, const SchemaView& schema) {
  Limit limit{kind};
  for (const std::string_view keyword : kConditions) {
    if (schema.first(keyword)) return false;
  }
  if (const auto least = schema.greatest("minLength"); least && *least > 1) {
    limit.least = static_cast<std::size_t>(std::min(*least, 1e6));
  }
  if (const auto most = schema.least("maxLength")) {
    limit.most = static_cast<std::size_t>(std::clamp(*most, 0.0, 1e6));
  }
  for (const ApiNode part : schema.parts()) {
    if (const ApiNode format = part["format"]) limit.formats.emplace_back(format.text());
    const ApiNode pattern = part["pattern"];
    if (!pattern) continue;
    auto compiled = SchemaPattern::parse(pattern.text());
    if (!compiled) return false;
    limit.patterns.push_back(std::move(*compiled));
  }
  limits_.push_back(std::move(limit));
  return true;
}

void IdLimits::merge(const IdLimits& others) {
  limits_.insert(limits_.end(), others.limits_.begin(), others.limits_.end());
}

// Ids are ASCII, so their bytes are their characters.
bool IdLimits::Limit::allows(std::string_view id) const {
  return id.size() >= least && id.size() <= most &&
         std::all_of(formats.begin(), formats.end(),
                     [&](const std::string& format) { return has_format(id, format); }) &&
         std::all_of(patterns.begin(), patterns.end(),
                     [&](const SchemaPattern& pattern) { return pattern.matches(id); });
}

bool IdLimits::all_allow(Kind kind, std::string_view id) const {
  return std::all_of(limits_.begin(), limits_.end(), [&](const Limit& limit) {
    return limit.kind != kind || (!id.empty() && limit.allows(id));
  });
}

std::optional<RequestIds> IdLimits::fit(const RequestIds& known) const {
  const auto first_fitting = [&](Kind kind, std::string_view own,
                                 std::string_view other) -> std::optional<std::string_view> {
    for (const std::string_view id : {own, other}) {
      if (all_allow(kind, id)) return id;
    }
    return {};
  };
  const auto request = first_fitting(Kind::kRequest, known.request, known.trace);
  const auto trace = first_fitting(Kind::kTrace, known.trace, known.request);
  if (!request || !trace) return {};
  return RequestIds{*request, *trace};
}

}  // namespace intermission::openapi
