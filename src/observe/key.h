// What answers are counted by: a service, a kind of client, and a third thing. Looked up by views,
// so that counting what was counted before allocates nothing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace intermission::observe {

struct Key {
  std::string service;
  std::string kind;
  std::string rest;  // by use: the status in two bytes, or the agent
};

struct KeyView {
  std::string_view service;
  std::string_view kind;
  std::string_view rest;
  // NOLINTNEXTLINE(google-explicit-constructor): a Key is looked up by its view
  KeyView(const Key& key) : service(key.service), kind(key.kind), rest(key.rest) {}
  KeyView(std::string_view a, std::string_view b, std::string_view c)
      : service(a), kind(b), rest(c) {}

  Key owned() const { return {std::string(service), std::string(kind), std::string(rest)}; }
};

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(const KeyView& key) const {
    const std::hash<std::string_view> hash;
    constexpr std::size_t kOdd = 0x9e3779b97f4a7c15;
    return (hash(key.service) * kOdd + hash(key.kind)) * kOdd + hash(key.rest);
  }
};

struct KeyEqual {
  using is_transparent = void;
  bool operator()(const KeyView& a, const KeyView& b) const {
    return a.rest == b.rest && a.service == b.service && a.kind == b.kind;
  }
};

/// References to values stay good until they are erased.
template <typename Value>
using Keyed = std::unordered_map<Key, Value, KeyHash, KeyEqual>;

}  // namespace intermission::observe
