// Answers of the operators' API (openapi/control.yaml) as text for a terminal.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace intermission::cli {

/// Each takes the answer of its operation, and returns whole lines.
std::string show_services(const rapidjson::Document& services);
std::string show_service_line(const rapidjson::Document& service);
/// The message that clients get now.
std::string show_message_line(const rapidjson::Document& service);
std::string show_nothing(const rapidjson::Document& answer);
std::string show_windows(const rapidjson::Document& windows);
std::string show_callers(const rapidjson::Document& callers);
std::string show_instances(const rapidjson::Document& instances);
std::string show_changes(const rapidjson::Document& changes);
std::string show_reload(const rapidjson::Document& status);
/// The certificates of the gateway, if it has any, and show_problem().
std::string show_gateway(const rapidjson::Document& status);
std::string show_certificates(const rapidjson::Document& status);
/// One line if the configuration that was read last was not taken over; else nothing.
std::string show_problem(const rapidjson::Document& status);

/// Turns Server-Sent Events into one line each, however they are cut.
class EventLines {
 public:
  /// The lines of the events that are complete now.
  std::string take(std::string_view piece);

 private:
  std::string pending_;
};

}  // namespace intermission::cli
