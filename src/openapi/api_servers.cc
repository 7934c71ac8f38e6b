#include "openapi/api_servers.h"

#include <algorithm>
#include <string_view>

#include "http/target.h"

namespace intermission::openapi {
namespace {

// What a variable may stand for: its enum, else its default.
std::vector<std::string> values_of(ApiNode variable) {
  std::vector<std::string> values;
  const ApiNode several = variable["enum"];
  if (several && several.value->IsArray()) {
    for (const auto& value : several.value->GetArray()) values.emplace_back(text_of(value));
  }
  if (values.empty()) values.emplace_back(variable["default"].text());
  return values;
}

// Only variables in the path count: another host is another service.
std::vector<std::string> with_values(const std::string& path, ApiNode variables) {
  std::vector<std::string> done;
  std::vector<std::string> open = {path};
  while (!open.empty() && done.size() < kMaxBasePaths) {
    const std::string text = std::move(open.back());
    open.pop_back();
    const auto start = text.find('{');
    const auto end = text.find('}', start);
    if (start == std::string::npos || end == std::string::npos) {
      done.push_back(text);
      continue;
    }
    for (const auto& value : values_of(variables[text.substr(start + 1, end - start - 1)])) {
      if (value.find('{') != std::string::npos || open.size() >= kMaxBasePaths) continue;
      open.push_back(text.substr(0, start) + value + text.substr(end + 1));
    }
  }
  return done;
}

std::string path_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos || url.starts_with("//")) {
    const auto host = scheme == std::string_view::npos ? 2 : scheme + 3;
    const auto slash = url.find('/', host);
    url = slash == std::string_view::npos ? "/" : url.substr(slash);
  } else if (url.starts_with('{')) {  // a variable for scheme and host
    const auto slash = url.find('/');
    if (slash != std::string_view::npos) url = url.substr(slash);
  }
  return std::string(url.substr(0, url.find_first_of("?#")));
}

std::string normal(std::string path) {
  if (!path.starts_with('/')) path.insert(0, "/");
  path = http::decode_path(path);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

std::vector<std::string> base_paths(ApiNode root, ApiNode path_item, ApiNode operation) {
  std::vector<std::string> bases;
  const auto add = [&](std::string path) {
    path = normal(std::move(path));
    const bool is_known = std::find(bases.begin(), bases.end(), path) != bases.end();
    if (!is_known && bases.size() < kMaxBasePaths) bases.push_back(std::move(path));
  };
  for (const ApiNode owner : {operation, path_item, root}) {
    const ApiNode servers = owner["servers"];
    if (!servers || !servers.value->IsArray() || servers.value->Empty()) continue;
    for (const auto& item : servers.value->GetArray()) {
      const ApiNode server{servers.file, &item};
      for (auto& path : with_values(path_of(server["url"].text()), server["variables"])) {
        add(std::move(path));
      }
    }
    break;
  }
  if (bases.empty()) add(std::string(root["basePath"].text()));
  return bases;
}

}  // namespace intermission::openapi
