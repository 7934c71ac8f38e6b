// The same steps as answer(), told to a person.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/answer.h"

namespace intermission::gateway {

/// A request as a person types it.
struct Question {
  std::string method = "GET";
  /// A path ("/orders/7") or a whole URL, whose host then stands for Host.
  std::string url = "/";
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

/// The findings of every station, then the response as it would be sent but for Date.
std::string explain(const Question& question, const Snapshot& snapshot, const Moment& moment);

}  // namespace intermission::gateway
