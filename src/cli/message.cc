// `intermission message`: changes the message of a service, or restores the configured one.
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {
namespace {

struct MessageOptions : Remote {
  std::string message;
};

int run_message(const MessageOptions& options) {
  const bool resets = options.message.empty();
  return options.call(resets ? "DELETE" : "PUT", options.change_path("/message"),
                      resets ? "" : body_of({{"message", &options.message}}), show_message_line);
}

}  // namespace

Command add_message(CLI::App& app, const FindPlace& find) {
  const auto options = std::make_shared<MessageOptions>();
  options->find = find;
  CLI::App& command = add_for_service(
      app, *options, "message", "Change the message; without TEXT, restore the configured one");
  add_option(command, "TEXT", options->message, "Message to clients");
  add_wait_option(command, *options);
  return {&command, [options] { return run_message(*options); }};
}

}  // namespace intermission::cli
