// The commands that speak to a gateway that runs: on, off, auto, extend, status, windows, message,
// callers, changes, watch, reload; and completion, which prints what a shell wants to know.
//
//   cli::Commands commands(app, default_place);     // adds the subcommands
//   app.parse(argc, argv);
//   if (const auto code = commands.run()) return *code;
//
// Exit codes: 0 done; 1 refused, or nobody answers; 2 wrong usage (CLI11 and main.cc).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace intermission::cli {

/// Where the gateway is, and its token, where neither the command line nor the environment say.
struct Place {
  std::string url;
  std::string token_file;
  std::string certificate = {};  // a file: what the gateway at `url` shows; empty without TLS
};

class Commands {
 public:
  struct Options;

  /// `place` is asked with the value of --config, which may be empty, when it is needed. `app`
  /// outlives this.
  Commands(CLI::App& app, std::function<Place(const std::string& config)> place);
  ~Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  /// Carries out the command that was parsed. Nothing if it was none of these.
  std::optional<int> run() const;

 private:
  std::unique_ptr<Options> options_;
};

}  // namespace intermission::cli
