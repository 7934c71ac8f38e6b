// Each word and each field of a trigger brings a client of its kind: some head or conversation is
// answered in that form, and nothing else that the row's triggers name would have had the row
// asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "dialect/request_evidence.h"
#include "dialect/table.h"
#include "dialect/triggers.h"
#include "support/asked_request.h"
#include "support/cases.h"
#include "support/conversation.h"
#include "support/heads.h"

namespace intermission::testing {
namespace {

using dialect::Dialect;
using dialect::Trigger;

/// One of the things that a trigger names.
struct Sign {
  std::string name;  // "Accept application/hal+json, of a GET"
  dialect::Methods methods;
  std::function<bool(const http::Request&, dialect::RequestEvidence&)> shows;
};

std::vector<std::string_view> parts(std::string_view text, char mark) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto end = std::min(text.find(mark), text.size());
    all.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

bool is_spelled_from(std::string_view type, std::string_view word) {
  if (base::iequals(type, word)) return true;
  const auto plus = type.rfind('+');
  return plus != std::string_view::npos &&
         (base::iequals(type.substr(0, plus), word) || base::iequals(type.substr(plus), word));
}

std::string_view last_segment(const http::Request& request) {
  const std::string_view path = request.path();
  return path.substr(path.rfind('/') + 1);
}

std::string_view first_segment(const http::Request& request) {
  const std::string_view rest = request.path().substr(1);
  return rest.substr(0, rest.find('/'));
}

bool has_parameter(std::string_view query, std::string_view name) {
  for (const std::string_view one : parts(query, '&')) {
    if (base::iequals(one.substr(0, one.find('=')), name)) return true;
  }
  return false;
}

std::string methods_of(const Trigger& trigger) {
  if (trigger.methods == dialect::kAnyMethod) return "";
  return (trigger.methods & dialect::kRead) != 0 ? ", of a GET" : ", of other methods";
}

std::vector<Sign> signs_of(const Dialect& row) {
  std::vector<Sign> signs;
  const auto add = [&](const Trigger& trigger, const char* kind, const dialect::Names& names,
                       auto shows) {
    for (const std::string_view name : names) {
      signs.push_back(
          {std::string(kind) + " " + std::string(name) + methods_of(trigger), trigger.methods,
           [name, shows](const http::Request& request, dialect::RequestEvidence& evidence) {
             return shows(request, evidence, name);
           }});
    }
  };
  using Evidence = dialect::RequestEvidence;
  for (const Trigger& trigger : row.triggers) {
    trigger.fields.for_each([&](http::Field field) {
      signs.push_back({"field " + std::string(http::field_name(field)) + methods_of(trigger),
                       trigger.methods, [field](const http::Request& request, Evidence&) {
                         return request.present().has(field);
                       }});
    });
    add(trigger, "Content-Type", trigger.content_types,
        [](const http::Request&, Evidence& evidence, std::string_view name) {
          const auto& type = evidence.content_type();
          return is_spelled_from(type ? type->whole : "", name);
        });
    add(trigger, "Accept", trigger.accepts,
        [](const http::Request&, Evidence& evidence, std::string_view name) {
          for (const std::string_view value : evidence.values(http::Field::kAccept)) {
            for (const std::string_view one : parts(value, ',')) {
              const std::string_view type = base::trim(one.substr(0, one.find(';')));
              if (is_spelled_from(type, name)) return true;
            }
          }
          return false;
        });
    add(trigger, "last segment", trigger.last_segments,
        [](const http::Request& request, Evidence&, std::string_view name) {
          const std::string_view last = last_segment(request);
          const auto dot = last.rfind('.');
          return base::iequals(last, name) ||
                 (dot != std::string_view::npos && base::iequals(last.substr(dot), name));
        });
    add(trigger, "first segment", trigger.first_segments,
        [](const http::Request& request, Evidence&, std::string_view name) {
          return base::iequals(first_segment(request), name);
        });
    add(trigger, "parameter", trigger.parameters,
        [](const http::Request& request, Evidence&, std::string_view name) {
          return has_parameter(request.query(), name);
        });
    add(trigger, "product", trigger.products,
        [](const http::Request&, Evidence& evidence, std::string_view name) {
          return dialect::is_product(evidence.value(http::Field::kUserAgent), name);
        });
  }
  return signs;
}

/// The one sign of its kind that a request shows, if there is no other.
class Needed {
 public:
  Needed() {
    for (const Dialect* row : dialect::table()) signs_[std::string(row->name)] = signs_of(*row);
  }

  void note(const std::string& kind, const http::Request& request) {
    const auto signs = signs_.find(kind);
    if (signs == signs_.end()) return;
    const catalog::Service service;
    dialect::RequestEvidence evidence(request, dialect::BodyState::kFinal, service);
    const Sign* only = nullptr;
    for (const Sign& sign : signs->second) {
      if ((sign.methods & evidence.method_class()) == 0 || !sign.shows(request, evidence)) continue;
      if (only != nullptr) return;
      only = &sign;
    }
    if (only != nullptr) needed_.insert(only);
  }

  /// A line for each sign without which every request would have got the same answer.
  std::string missed() const {
    std::string lines;
    for (const auto& [kind, signs] : signs_) {
      for (const Sign& sign : signs) {
        if (!needed_.contains(&sign)) lines += kind + ": " + sign.name + "\n";
      }
    }
    return lines;
  }
  std::size_t size() const { return needed_.size(); }

 private:
  std::map<std::string, std::vector<Sign>> signs_;
  std::set<const Sign*> needed_;
};

TEST(Triggers, EachWordBringsAClientOfItsKind) {
  Needed needed;
  for (const Head& head : read_heads()) {
    http::Request request;
    head.fill(request);
    needed.note(head.kind, request);
  }
  for (const auto& file : find_conversations(cases_folder())) {
    const Conversation conversation = read_conversation(file);
    if (conversation.only_socket) continue;
    const AskedRequest asked(conversation);
    needed.note(tell(conversation.request, *snapshot_for(conversation.config)).kind, asked.request);
  }
  EXPECT_EQ(needed.missed(), "");
  EXPECT_GT(needed.size(), 300U);
}

}  // namespace
}  // namespace intermission::testing
