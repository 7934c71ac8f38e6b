// The same steps as answer(), told to a person.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/answer.h"
#include "http/address.h"

namespace intermission::report {

/// A request as a person types it.
struct Question {
  std::string method = "GET";
  /// A path ("/orders/7") or a whole URL, whose host then stands for Host.
  std::string url = "/";
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
  /// Who sends it, for example a trusted proxy. If it is left out, no proxy is trusted.
  std::optional<http::Address> from = {};
};

/// The findings of every station, then the response as it would be sent but for Date.
std::string explain(const Question& question, const snapshot::Snapshot& snapshot,
                    const gateway::Moment& moment);

}  // namespace intermission::report
