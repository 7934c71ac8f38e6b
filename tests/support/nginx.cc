#include "support/nginx.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/files.h"
#include "support/wire_client.h"

namespace intermission::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// Somebody may take a free port before nginx does; then there is another one.
constexpr int kAttempts = 5;

std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  return bound ? ntohs(address.sin_port) : 0;
}

std::string configuration(std::uint16_t port, const std::string& server) {
  return "daemon off; master_process off; worker_processes 1; pid pid; error_log log;\n"
         "events { worker_connections 64; }\n"
         "http {\n"
         "  access_log off; client_body_temp_path body; proxy_temp_path proxy;\n"
         "  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n"
         "  server {\n"
         "    listen 127.0.0.1:" +
         std::to_string(port) + ";\n" + server + "\n  }\n}\n";
}

pid_t spawn_nginx(const std::string& folder) {
  const std::string log = folder + "/log";
  const char* const arguments[] = {"nginx",     "-p", folder.c_str(), "-e",
                                   log.c_str(), "-c", "nginx.conf",   nullptr};
  // Debian keeps it where the PATH of an ordinary user does not look.
  const char* const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", nullptr};
  pid_t process = -1;
  const int error =
      posix_spawn(&process, "/usr/sbin/nginx", nullptr, nullptr,
                  const_cast<char* const*>(arguments), const_cast<char* const*>(environment));
  if (error != 0) throw std::runtime_error("there is no nginx; scripts/test installs it");
  return process;
}

}  // namespace

Nginx::Nginx(const std::string& server) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (start(server)) return;
  }
  throw std::runtime_error("nginx does not come up: " + log());
}

Nginx::~Nginx() {
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

bool Nginx::start(const std::string& server) {
  port_ = free_port();
  folder_.write("nginx.conf", configuration(port_, server));
  process_ = spawn_nginx(folder_.path().string());
  if (comes_up()) return true;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  return false;
}

bool Nginx::comes_up() {
  const auto until = steady_clock::now() + WireClient::kLimit;
  while (steady_clock::now() < until) {
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        ended.si_pid != 0) {
      return false;
    }
    // The process id is written once it listens.
    if (std::filesystem::exists(folder_.path() / "pid")) return true;
    std::this_thread::sleep_for(2ms);
  }
  return false;
}

std::string Nginx::log() const {
  return std::filesystem::exists(folder_.path() / "log") ? read_file(folder_.path() / "log")
                                                         : "no log";
}

}  // namespace intermission::testing
