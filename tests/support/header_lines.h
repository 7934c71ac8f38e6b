// A header for the negotiation functions, its lines each in a buffer of its exact size, so
// that the address sanitizer sees a read beyond the end.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace intermission::testing {

class HeaderLines {
 public:
  /// No line at all, one, or several.
  explicit HeaderLines(const std::vector<std::string>& lines) {
    request_.reset("GET", "/", 11);
    for (const std::string& line : lines) {
      auto& buffer = buffers_.emplace_back(std::make_unique<char[]>(line.size()));
      std::copy(line.begin(), line.end(), buffer.get());
      request_.add_field("Accept", {buffer.get(), line.size()});
    }
  }
  explicit HeaderLines(const std::string& line) : HeaderLines(std::vector{line}) {}

  http::FieldValues values() const { return request_.values(http::Field::kAccept); }

 private:
  http::Request request_;
  std::vector<std::unique_ptr<char[]>> buffers_;
};

}  // namespace intermission::testing
