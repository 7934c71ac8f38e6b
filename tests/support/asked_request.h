// What a conversation asks, for tests that look at requests and need no answer.
//
//   const AskedRequest asked(conversation);
//   RequestEvidence evidence(asked.request, BodyState::kFinal, service);
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "http/request.h"
#include "support/conversation.h"

namespace intermission::testing {

/// The request of a conversation, without the service that it belongs to.
class AskedRequest {
 public:
  explicit AskedRequest(const Conversation& conversation) : text_(conversation.request) {
    std::string_view rest = text_;
    const std::string_view method = cut(rest, " ");
    const std::string_view target = cut(rest, " ");
    cut(rest, "\r\n");
    request.reset(method, target, 11);
    for (std::string_view line = cut(rest, "\r\n"); !line.empty(); line = cut(rest, "\r\n")) {
      const auto colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      request.add_field(line.substr(0, colon), base::trim(line.substr(colon + 1)));
    }
    request.set_body(rest, true);
  }
  AskedRequest(const AskedRequest&) = delete;
  AskedRequest& operator=(const AskedRequest&) = delete;

  http::Request request;

 private:
  static std::string_view cut(std::string_view& rest, std::string_view mark) {
    const auto end = std::min(rest.find(mark), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + mark.size()));
    return part;
  }
  std::string text_;
};

}  // namespace intermission::testing
