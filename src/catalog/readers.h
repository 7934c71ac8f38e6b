// One function for each part of the configuration file: from nodes that the schema has
// accepted, so that types are certain, to values, with the checks that a schema cannot make.
//
// A reader never stops at a mistake: it notes the problem and returns something harmless, and
// load.cc looks at the problems at the end. Where `node` is absent, what is inherited comes
// back as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/steps.h"
#include "base/zone.h"
#include "catalog/node.h"
#include "catalog/service.h"

namespace intermission::catalog {

/// Keeps the first problem; the others may be its consequences.
class Problems {
 public:
  void note(base::Error error) {
    if (!first_) first_ = std::move(error);
  }
  const std::optional<base::Error>& first() const { return first_; }

 private:
  std::optional<base::Error> first_;
};

/// Texts that people read: not blank, no control characters. `lines`: line ends and tabs are.
std::string read_text(const Node& node, bool lines, Problems& problems);

/// What is said in which language. See read_speech.cc for how the two keys work together.
struct Speech {
  std::string language = "en";  // of a message that is one text
  LocalizedText message;
};
Speech read_speech(const Node& message, const Node& language, const Speech& inherited,
                   Problems& problems);

/// outage_message; `language` comes first if it has that. May have no entries.
LocalizedText read_outage(const Node& message, const std::string& language,
                          const LocalizedText& inherited, Problems& problems);

/// From 1s to 365d.
std::optional<base::Seconds> read_duration(const Node& node, Problems& problems);

/// A zone of the system's tz database; nothing if there is none of that name, or no database.
std::optional<base::Zone> read_zone(const Node& node, Problems& problems);

RetryAfter read_retry_after(const Node& node, const RetryAfter& inherited, Problems& problems);

LegacySettings read_legacy(const Node& node, const LegacySettings& inherited, Problems& problems);

/// An origin is as a browser writes it: lower case, without the port that its scheme implies.
Cors read_cors(const Node& node, const Cors& inherited, Problems& problems);

/// Reads the files that it names, too, from the configuration's folder.
PageSettings read_page(const Node& node, const PageSettings& inherited, Problems& problems);

/// A list replaces the inherited one. Sorted, each kind once.
std::vector<std::string> read_disabled_kinds(const Node& node,
                                             const std::vector<std::string>& inherited,
                                             Problems& problems);

std::vector<Rule> read_rules(const Node& node, Problems& problems);

/// Fills service.windows, by start, and service.recurrences. What their rules take to work out is
/// taken from `steps`, those of the configuration, and from those that one service has.
void read_windows(const Node& node, Service& service, base::Steps& steps, Problems& problems);

/// Which service answers for which host and path; a second claim to the same is a problem.
class HostClaims {
 public:
  /// Fills service.hosts and service.paths, lower case and without trailing slashes.
  void read(const Node& node, Service& service, Problems& problems);

 private:
  struct Claim {
    std::string service;
    int line = 0;
  };
  void claim(const Node& host, std::string_view host_name, const Node& path,
             std::string_view prefix, const Service& service, Problems& problems);

  std::unordered_map<std::string, Claim> claims_;  // by host, a space, path
};

/// A host name or an address, lower case; no wildcard. An IPv6 address keeps its brackets.
std::string read_exact_host(const Node& node, Problems& problems);

/// A path prefix, decoded as the paths of requests are when they are compared.
std::string read_path(const Node& node, Problems& problems);

/// Of a path prefix: without trailing slashes, but "/" for the root.
std::string_view trim_prefix(std::string_view prefix);

}  // namespace intermission::catalog
