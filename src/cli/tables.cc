#include "cli/tables.h"

#include <algorithm>
#include <vector>

#include "control/json_text.h"
#include "document/parse_json.h"

namespace intermission::cli {
namespace {

using rapidjson::Value;

std::string text_of(const Value& object, std::string_view name) {
  const Value* value = control::member_of(object, name);
  if (value == nullptr) return "";
  if (value->IsString()) return std::string(control::view_of(*value));
  if (value->IsUint64()) return std::to_string(value->GetUint64());
  return "";
}

const Value* list_of(const Value& object, std::string_view name) {
  const Value* value = control::member_of(object, name);
  return value != nullptr && value->IsArray() ? value : nullptr;
}

// Columns as wide as what stands in them; a first row of headings.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) { add(std::move(headings)); }

  void add(std::vector<std::string> row) {
    widths_.resize(std::max(widths_.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], row[i].size());
    rows_.push_back(std::move(row));
  }

  std::string text() const {
    std::string out;
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += row[i];
        if (i + 1 < row.size()) line.append(widths_[i] - row[i].size() + 2, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

std::string first_message(const Value& service) {
  const Value* message = control::member_of(service, "message");
  if (message == nullptr || !message->IsObject() || message->ObjectEmpty()) return "";
  std::string text(control::view_of(message->MemberBegin()->value));
  return text.substr(0, text.find_first_of("\r\n"));
}

// The service `default` may be open at a gate while a stand-in answers for it.
std::string state_of(const Value& service) {
  const std::string state = text_of(service, "state");
  const std::string gate = text_of(service, "gate");
  return gate.empty() || gate == state ? state : state + ", " + gate + " at a gate";
}

std::string sentence(const Value& service) {
  const std::string until = text_of(service, "until");
  return text_of(service, "name") + ": " + state_of(service) +
         (until.empty() ? "" : " until " + until) + " (" + text_of(service, "reason") + ")\n";
}

// Below the table, for they are long: whose clients do not hear what their API promises, and why.
std::string contract_errors(const Value& services) {
  std::string out;
  for (const Value& service : services.GetArray()) {
    const Value* errors = list_of(service, "contractErrors");
    if (errors == nullptr) continue;
    for (const Value& error : errors->GetArray()) {
      if (!error.IsString()) continue;
      out += text_of(service, "name") +
             ": its contract is not used: " + std::string(control::view_of(error)) + "\n";
    }
  }
  return out;
}

// What all of it comes to: dates of windows that recur, without those that are cancelled.
std::string next_windows(const Value& windows) {
  const Value* next = list_of(windows, "next");
  if (next == nullptr || next->Empty()) return "";
  Table table({"NEXT", "UNTIL"});
  for (const Value& window : next->GetArray()) {
    table.add({text_of(window, "start"), text_of(window, "end")});
  }
  return "\n" + table.text();
}

std::string event_line(std::string_view event) {
  std::string_view name;
  std::string_view data;
  while (!event.empty()) {
    const std::string_view line = event.substr(0, event.find('\n'));
    event.remove_prefix(std::min(event.size(), line.size() + 1));
    if (line.starts_with("event: ")) name = line.substr(7);
    if (line.starts_with("data: ")) data = line.substr(6);
  }
  if (name.empty()) return "";
  if (name == "lost") return "(" + std::string(data) + " events were missed)\n";
  const rapidjson::Document document = document::parse_json(data);
  if (document.HasParseError()) return "";
  if (name == "service") return sentence(document);
  if (name != "reload") return "";
  const std::string problem = text_of(document, "problem");
  return problem.empty() ? "the configuration was reloaded\n"
                         : "the new configuration was rejected: " + problem + "\n";
}

}  // namespace

std::string show_services(const rapidjson::Document& services) {
  Table table({"SERVICE", "STATE", "SINCE", "UNTIL", "WINDOW", "MESSAGE"});
  const Value* list = list_of(services, "services");
  if (list == nullptr) return "";
  for (const Value& service : list->GetArray()) {
    const Value* window = control::member_of(service, "window");
    table.add({text_of(service, "name"), state_of(service), text_of(service, "since"),
               text_of(service, "until"), window == nullptr ? "" : text_of(*window, "start"),
               first_message(service)});
  }
  return table.text() + contract_errors(*list);
}

std::string show_service_line(const rapidjson::Document& service) {
  return sentence(service);
}

std::string show_message_line(const rapidjson::Document& service) {
  return text_of(service, "name") + ": clients get \"" + first_message(service) + "\"\n";
}

std::string show_nothing(const rapidjson::Document& /*answer*/) {
  return "";
}

std::string show_windows(const rapidjson::Document& windows) {
  Table table({"WINDOW", "START", "END", ""});
  if (const Value* planned = list_of(windows, "planned")) {
    for (const Value& one : planned->GetArray()) {
      const Value* window = control::member_of(one, "window");
      if (window == nullptr) continue;
      const std::string lasts = text_of(*window, "for");
      table.add({text_of(one, "id"), text_of(*window, "start"),
                 lasts.empty() ? text_of(*window, "end") : "for " + lasts,
                 text_of(*window, "zone") + " " + text_of(*window, "rrule")});
    }
  }
  if (const Value* configured = list_of(windows, "configured")) {
    for (const Value& one : configured->GetArray()) {
      const Value* cancelled = control::member_of(one, "cancelled");
      const bool is_off = cancelled != nullptr && cancelled->IsTrue();
      table.add({text_of(one, "id"), text_of(one, "start"), text_of(one, "end"),
                 is_off ? "cancelled" : "configured"});
    }
  }
  return table.text() + next_windows(windows);
}

std::string show_callers(const rapidjson::Document& callers) {
  Table table({"SERVICE", "KIND", "COUNT", "WRONG PASSES", "LAST SEEN", "LAST PATH", "AGENT"});
  if (const Value* list = list_of(callers, "callers")) {
    for (const Value& one : list->GetArray()) {
      table.add({text_of(one, "service"), text_of(one, "kind"), text_of(one, "count"),
                 text_of(one, "wrongPasses"), text_of(one, "lastSeen"), text_of(one, "lastPath"),
                 text_of(one, "agent")});
    }
  }
  return table.text();
}

std::string show_instances(const rapidjson::Document& instances) {
  Table table({"INSTANCE", "ADDRESS", "PROGRAM", "CONFIGURATION", "STATE", "LAST SEEN", ""});
  std::string warnings;
  if (const Value* list = list_of(instances, "instances")) {
    for (const Value& one : list->GetArray()) {
      const Value* living = control::member_of(one, "living");
      const Value* self = control::member_of(one, "self");
      const bool is_gone = living != nullptr && living->IsFalse();
      const bool is_self = self != nullptr && self->IsTrue();
      table.add({text_of(one, "name"), text_of(one, "address"), text_of(one, "program"),
                 text_of(one, "configuration"), text_of(one, "version"),
                 text_of(one, "seenSecondsAgo") + " s ago",
                 is_gone ? "gone" : (is_self ? "this one" : "")});
    }
  }
  if (const Value* list = list_of(instances, "warnings")) {
    for (const Value& warning : list->GetArray()) {
      if (warning.IsString()) warnings += "\n" + std::string(control::view_of(warning));
    }
  }
  const Value* reachable = control::member_of(instances, "reachable");
  if (reachable != nullptr && reachable->IsFalse()) {
    warnings += "\nthe database cannot be reached; this is the list as it was seen last";
  }
  return table.text() + (warnings.empty() ? "" : warnings + "\n");
}

std::string show_changes(const rapidjson::Document& changes) {
  Table table({"AT", "SERVICE", "CHANGE", "BY"});
  if (const Value* list = list_of(changes, "changes")) {
    for (const Value& one : list->GetArray()) {
      table.add(
          {text_of(one, "at"), text_of(one, "service"), text_of(one, "what"), text_of(one, "by")});
    }
  }
  return table.text();
}

std::string show_reload(const rapidjson::Document& status) {
  return "the configuration was reloaded; " + text_of(status, "services") + " services, " +
         text_of(status, "inMaintenance") + " in maintenance\n";
}

std::string show_certificates(const rapidjson::Document& status) {
  const Value* list = list_of(status, "certificates");
  if (list == nullptr) return "";
  Table table({"CERTIFICATE", "LISTENER", "NAMES", "EXPIRES", "DAYS LEFT"});
  for (const Value& one : list->GetArray()) {
    std::string names;
    if (const Value* each = list_of(one, "names")) {
      for (const Value& name : each->GetArray()) {
        names += (names.empty() ? "" : " ") + std::string(control::view_of(name));
      }
    }
    const std::string file = text_of(one, "file");
    const Value* days = control::member_of(one, "daysLeft");
    const bool is_known = days != nullptr && days->IsInt64();  // negative once it has expired
    table.add({file.empty() ? "(self-signed)" : file, text_of(one, "listener"), names,
               text_of(one, "notAfter"), is_known ? std::to_string(days->GetInt64()) : ""});
  }
  return "\n" + table.text();
}

std::string show_gateway(const rapidjson::Document& status) {
  return show_certificates(status) + show_problem(status);
}

std::string show_problem(const rapidjson::Document& status) {
  const Value* configuration = control::member_of(status, "configuration");
  const std::string problem = configuration == nullptr ? "" : text_of(*configuration, "problem");
  std::string text;
  if (!problem.empty()) {
    text = "\nthe new configuration was rejected; the old one stays in force: " + problem + "\n";
  }
  const Value* store = control::member_of(status, "store");
  if (store == nullptr) return text;
  const Value* reachable = control::member_of(*store, "reachable");
  if (reachable != nullptr && reachable->IsFalse()) {
    text += "\nthe database cannot be reached since " + text_of(*store, "since") + " (" +
            text_of(*store, "problem") +
            "); changes are refused, and clients are answered as before\n";
  } else if (const Value* takes = control::member_of(*store, "takesChanges");
             takes != nullptr && takes->IsFalse()) {
    text += "\nthe database takes no changes (" + text_of(*store, "problem") +
            "); clients are answered as before\n";
  }
  const Value* held = list_of(*store, "held");
  if (held == nullptr || held->Empty()) return text;
  text += "\nin maintenance at this instance alone:";
  for (const Value& one : held->GetArray()) text += " " + std::string(control::view_of(one));
  return text + "\n";
}

std::string EventLines::take(std::string_view piece) {
  pending_ += piece;
  std::string lines;
  for (std::size_t end = 0; (end = pending_.find("\n\n")) != std::string::npos;) {
    lines += event_line(std::string_view(pending_).substr(0, end));
    pending_.erase(0, end + 2);
  }
  return lines;
}

}  // namespace intermission::cli
