// What the commands share that call a running gateway: where it is, its token, and how its answers
// are shown. They end with 1 where the gateway rejects the call or does not answer.
//
//   struct Options : Remote { std::string by; };          // one command's own options
//   CLI::App& command = add_for_service(app, options, "extend", "Postpone the end of maintenance");
//   options.call("POST", options.change_path("/extend"), body_of({{"by", &options.by}}),
//                show_service_line);                      // where the command is given
#pragma once

#include <rapidjson/document.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/place.h"

namespace intermission::cli {

/// The options of all these commands; those of one command are added to it there.
struct Remote {
  FindPlace find;
  std::string url = {};
  std::string ca = {};
  std::string config = {};
  std::string service = {};  // of commands about a service
  std::string wait = {};     // of commands that have --wait
  bool local = false;        // of commands that have --local
  bool json = false;         // of commands that have --json

  /// The path of `service`, and what is below it.
  std::string service_path(std::string_view below = {}) const;
  /// The same for a change, with how long to wait for it.
  std::string change_path(std::string_view below) const;

  base::Result<Client> client() const;

  /// Calls, and shows the answer: as it came with --json, else as `show` puts it. Returns the exit
  /// code: kFailed also where some instances do not have the change in force yet.
  int call(std::string_view method, const std::string& path, const std::string& body,
           std::string (*show)(const rapidjson::Document&)) const;
};

/// Adds a command with --control-url, --ca and --config. `remote` outlives the command.
CLI::App& add_remote(CLI::App& app, Remote& remote, const char* name, const char* what);

/// The same, with SERVICE.
CLI::App& add_for_service(CLI::App& app, Remote& remote, const char* name, const char* what);

void add_wait_option(CLI::App& command, Remote& remote);
void add_local_option(CLI::App& command, Remote& remote);
void add_json_option(CLI::App& command, Remote& remote);

/// A name as a segment of a path. No name has a "!", which stands for characters that need
/// escaping: the gateway then answers 404.
std::string segment_of(std::string_view name);

/// A JSON object of those members that are not empty, and `ends` and `local` where they are set.
std::string body_of(std::initializer_list<std::pair<const char*, const std::string*>> members,
                    bool ends = false, bool local = false);

/// Why the gateway rejected a call, for a person at a terminal.
std::string problem_of(const Reply& reply);

}  // namespace intermission::cli
