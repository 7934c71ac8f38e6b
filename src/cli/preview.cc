// `intermission preview`: the maintenance page in every theme, language and size, as files or on a
// port of this machine.
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "program/signals.h"
#include "program/source.h"
#include "report/preview.h"
#include "server/server.h"

namespace intermission::cli {
namespace {

struct PreviewOptions {
  program::Source source;
  std::string folder;
  std::string port;
  std::string at;
};

using Files = std::vector<report::PreviewFile>;

int write(const Files& files, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto& file : files) {
    const auto path = folder / file.name;
    std::ofstream out(path, std::ios::binary);
    if (!(out << file.text).flush()) return wrong("--out: cannot write " + path.string());
  }
  std::cout << "intermission: " << files.size() << " files written; start with "
            << (folder / report::kPreviewIndex).string() << std::endl;
  return kDone;
}

// Until SIGTERM or SIGINT. On loopback: it is for the person who starts it.
int serve(Files files, std::uint16_t port) {
  sigset_t signals = program::block_signals();
  sigdelset(&signals, SIGHUP);  // there is nothing to read again
  server::Options listener;
  listener.address = "127.0.0.1";
  listener.port = port;
  listener.limits.drain_timeout_ms = 500;
  const auto shared = std::make_shared<const Files>(std::move(files));
  const auto server =
      server::Server::start(listener, [&] { return report::preview_handler(shared); });
  if (!server) return wrong(server.error().text());
  std::cout << "intermission: preview " << (*server)->url() << std::endl;
  int number = 0;
  sigwait(&signals, &number);
  (*server)->stop();
  return kDone;
}

int run_preview(const PreviewOptions& options) {
  if (options.folder.empty() && options.port.empty()) {
    return wrong("give --out FOLDER or --port N (see intermission preview --help)");
  }
  const auto port = program::chosen_port("--port", options.port, 0);
  if (!port) return wrong(port.error().text());
  const auto now = chosen_moment(options.at);
  if (!now) return wrong(now.error().text());
  auto configuration = options.source.load();
  if (!configuration) return wrong(configuration.error().text());
  Files files = report::preview(configuration->catalog, *now);
  if (!options.folder.empty()) return write(files, options.folder);
  return serve(std::move(files), *port);
}

}  // namespace

Command add_preview(CLI::App& app) {
  const auto options = std::make_shared<PreviewOptions>();
  CLI::App& command =
      add_command(app, "preview", "Render the maintenance page in every theme, language and size");
  add_config_option(command, options->source.file);
  add_option(command, "--out", options->folder, "Write it to this folder", "FOLDER");
  add_option(command, "--port", options->port,
             "Or serve it on this port of 127.0.0.1, 0 for any free port", "N");
  exclude(command, "--port", "--out");
  add_option(command, "--at", options->at, "Time to render the page for (default: now)", "TIME");
  return {&command, [options] { return run_preview(*options); }};
}

}  // namespace intermission::cli
