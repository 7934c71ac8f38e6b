// `intermission watch`: prints events as they happen.
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {
namespace {

int run_watch(const Remote& remote) {
  const auto caller = remote.client();
  if (!caller) return failed(caller.error().text());
  EventLines lines;
  const auto reply = caller->listen("/api/events", [&](std::string_view piece) {
    std::cout << lines.take(piece) << std::flush;
    return std::cout.good();
  });
  if (!reply) return failed(reply.error().text());
  return reply->good() ? kDone : failed(problem_of(*reply));
}

}  // namespace

Command add_watch(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command = add_remote(app, *remote, "watch", "Print events as they happen");
  return {&command, [remote] { return run_watch(*remote); }};
}

}  // namespace intermission::cli
