// Mastodon and those who speak as it does (docs.joinmastodon.org, "Error"): apps and libraries show
// `error`, a text. Known by paths that its API alone has: others have an /api/v1/accounts, too. The
// members of the problem stand beside it.
#include <algorithm>

#include "dialect/dialect.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"

namespace intermission::dialect::mastodon {
namespace {

// Behind /api/v1/ and /api/v2/.
const Names kPlaces = {"timelines/",
                       "statuses/",
                       "custom_emojis",
                       "accounts/verify_credentials",
                       "accounts/relationships",
                       "accounts/familiar_followers",
                       "follow_requests",
                       "featured_tags",
                       "trends/statuses"};

bool is_path(std::string_view path) {
  if (!path.starts_with("/api/v1/") && !path.starts_with("/api/v2/")) return false;
  path.remove_prefix(8);
  // Where people write and their apps begin.
  if (path == "statuses" || path == "instance") return true;
  return std::any_of(kPlaces.begin(), kPlaces.end(),
                     [&](std::string_view place) { return path.starts_with(place); });
}

Claim recognise(RequestEvidence& evidence) {
  if (!is_path(evidence.request().path()) || !leaves_form_to_path(evidence, {"application/json"})) {
    return {};
  }
  return {.strength = Claim::Strength::kOffers, .favours = 0, .why = "the path is one of Mastodon"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {problem_with_error(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "mastodon",
    .speaks_to = "apps of Mastodon and its kin",
    .known_by = "paths such as /api/v1/timelines/home and /api/v1/statuses",
    .triggers = {{.first_segments = {"api"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::mastodon
