#include "control/shared_counts.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "control/json_text.h"
#include "document/parse_json.h"
#include "http/date.h"

namespace intermission::control {
namespace {

using rapidjson::Value;

auto key_of(const observe::Caller& caller) {
  return std::tuple(caller.service, caller.kind, caller.agent);
}
auto key_of(const observe::AnswerCount& answer) {
  return std::tuple(answer.service, answer.kind, answer.status);
}
auto key_of(const observe::MinuteCount& minute) {
  return std::tuple(minute.minute, minute.service, minute.kind);
}

void add(observe::Caller& to, const observe::Caller& more) {
  to.count += more.count;
  to.wrong_passes += more.wrong_passes;
  to.minutes = std::max(to.minutes, more.minutes);
  if (more.last_seen <= to.last_seen) return;
  to.last_seen = more.last_seen;
  to.last_path = more.last_path;
}
template <typename T>
void add(T& to, const T& more) {
  to.count += more.count;
}

template <typename T>
std::vector<T> sum(const std::vector<T>& a, const std::vector<T>& b) {
  std::map<decltype(key_of(std::declval<T>())), T> all;
  for (const std::vector<T>* from : {&a, &b}) {
    for (const T& one : *from) {
      const auto [found, is_new] = all.try_emplace(key_of(one), one);
      if (!is_new) add(found->second, one);
    }
  }
  std::vector<T> list;
  for (auto& [key, one] : all) list.push_back(std::move(one));
  return list;
}

std::uint64_t less(std::uint64_t now, std::uint64_t earlier) {
  return now - std::min(now, earlier);
}

template <typename T>
std::vector<T> difference(std::vector<T> now, const std::vector<T>& earlier) {
  std::map<decltype(key_of(std::declval<T>())), const T*> before;
  for (const T& one : earlier) before[key_of(one)] = &one;
  for (T& one : now) {
    const auto found = before.find(key_of(one));
    if (found == before.end()) continue;
    one.count = less(one.count, found->second->count);
    if constexpr (std::is_same_v<T, observe::Caller>) {
      one.wrong_passes = less(one.wrong_passes, found->second->wrong_passes);
    }
  }
  std::erase_if(now, [](const T& one) { return one.count == 0; });
  return now;
}

std::uint64_t number(const Value& object, const char* name) {
  const Value* value = member_of(object, name);
  return value != nullptr && value->IsUint64() ? value->GetUint64() : 0;
}

std::string text(const Value& object, const char* name) {
  const Value* value = member_of(object, name);
  return value != nullptr && value->IsString() ? std::string(view_of(*value)) : std::string();
}

base::TimePoint time(const Value& object, const char* name) {
  return http::parse_rfc3339(text(object, name)).value_or(base::TimePoint{});
}

/// The objects of a list, none where there is no list.
template <typename F>
void each(const Value& document, const char* name, const F& visit) {
  const Value* list = member_of(document, name);
  if (list == nullptr || !list->IsArray()) return;
  for (const Value& one : list->GetArray()) {
    if (one.IsObject()) visit(one);
  }
}

}  // namespace

Counts joined(const Counts& a, const Counts& b, base::TimePoint since) {
  Counts all{sum(a.callers, b.callers), sum(a.answers, b.answers), sum(a.history, b.history)};
  std::stable_sort(all.callers.begin(), all.callers.end(),
                   [](const observe::Caller& one, const observe::Caller& other) {
                     return one.last_seen > other.last_seen;
                   });
  std::erase_if(all.history,
                [since](const observe::MinuteCount& one) { return one.minute < since; });
  return all;
}

Counts counted_since(const Counts& now, const Counts& earlier) {
  return {difference(now.callers, earlier.callers), difference(now.answers, earlier.answers),
          difference(now.history, earlier.history)};
}

std::string counts_to_json(const Counts& counts) {
  JsonText json;
  json.begin_object().key("callers").begin_array();
  for (std::size_t i = 0; i < std::min(counts.callers.size(), kMostSharedCallers); ++i) {
    const observe::Caller& one = counts.callers[i];
    json.begin_object().member("service", std::string_view(one.service));
    json.member("kind", std::string_view(one.kind))
        .member("agent", std::string_view(base::printable(one.agent)));
    json.member("path", std::string_view(base::printable(one.last_path)))
        .member("seen", one.last_seen);
    json.member("count", one.count).member("wrong", one.wrong_passes);
    json.member("minutes", one.minutes).end_object();
  }
  json.end_array().key("answers").begin_array();
  for (std::size_t i = 0; i < std::min(counts.answers.size(), kMostSharedAnswers); ++i) {
    const observe::AnswerCount& one = counts.answers[i];
    json.begin_object().member("service", std::string_view(one.service));
    json.member("kind", std::string_view(one.kind));
    json.member("status", std::uint64_t{one.status}).member("count", one.count).end_object();
  }
  json.end_array().key("history").begin_array();
  const std::size_t left_out =
      counts.history.size() - std::min(counts.history.size(), kMostSharedMinutes);
  for (std::size_t i = left_out; i < counts.history.size(); ++i) {
    const observe::MinuteCount& one = counts.history[i];
    json.begin_object().member("minute", one.minute);
    json.member("service", std::string_view(one.service));
    json.member("kind", std::string_view(one.kind)).member("count", one.count).end_object();
  }
  return json.end_array().end_object().text();
}

base::Result<Counts> counts_from_json(std::string_view json) {
  const rapidjson::Document document = document::parse_json(json);
  if (document.HasParseError() || !document.IsObject()) return base::Error{"expected counts"};
  Counts counts;
  each(document, "callers", [&](const Value& one) {
    counts.callers.push_back({text(one, "service"), text(one, "kind"), text(one, "agent"),
                              text(one, "path"), time(one, "seen"), number(one, "count"),
                              number(one, "wrong"), number(one, "minutes")});
  });
  each(document, "answers", [&](const Value& one) {
    counts.answers.push_back({text(one, "service"), text(one, "kind"),
                              static_cast<std::uint16_t>(number(one, "status")),
                              number(one, "count")});
  });
  each(document, "history", [&](const Value& one) {
    counts.history.push_back(
        {time(one, "minute"), text(one, "service"), text(one, "kind"), number(one, "count")});
  });
  return counts;
}

}  // namespace intermission::control
