// The least that a server of one thread can do: an epoll loop that looks for the blank line at
// the end of each request's head and sends the same bytes for every one. It parses nothing,
// times nothing out and has no limits; what Intermission costs above it is what it does.
//
//   bare_loop FILE           prints the port it listens on at 127.0.0.1, and sends FILE
//   bare_loop FILE --close   closes each connection after its first answer
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kBlankLine = "\r\n\r\n";

class BareLoop {
 public:
  BareLoop(std::string answer, bool close_after)
      : answer_(std::move(answer)), close_after_(close_after), scratch_(std::size_t{64} * 1024) {}

  bool listen_on_any_port() {
    door_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    poll_ = epoll_create1(EPOLL_CLOEXEC);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    const int on = 1;
    setsockopt(door_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(door_, any, size) != 0 || listen(door_, SOMAXCONN) != 0) return false;
    getsockname(door_, any, &size);
    std::cout << ntohs(address.sin_port) << std::endl;
    return watch(door_);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < ready; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        fd == door_ ? accept_all() : serve(fd);
      }
    }
  }

 private:
  bool watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    return epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event) == 0;
  }

  void accept_all() {
    for (;;) {
      const int fd = accept4(door_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      if (static_cast<std::size_t>(fd) >= begun_.size()) {
        begun_.resize(static_cast<std::size_t>(fd) + 1);
      }
      begun_[static_cast<std::size_t>(fd)].clear();
      watch(fd);
    }
  }

  void serve(int fd) {
    const ssize_t received = recv(fd, scratch_.data(), scratch_.size(), 0);
    if (received <= 0) {
      close(fd);
      return;
    }
    std::string& begun = begun_[static_cast<std::size_t>(fd)];
    std::string_view bytes(scratch_.data(), static_cast<std::size_t>(received));
    if (!begun.empty()) bytes = begun.append(bytes);
    out_.clear();
    for (auto end = bytes.find(kBlankLine); end != std::string_view::npos;
         end = bytes.find(kBlankLine)) {
      bytes.remove_prefix(end + kBlankLine.size());
      out_ += answer_;
    }
    if (!bytes.empty() || !begun.empty()) begun = std::string(bytes);
    if (out_.empty()) return;
    // A client that does not read is no part of what is measured.
    [[maybe_unused]] const auto sent = send(fd, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (close_after_) close(fd);
  }

  const std::string answer_;
  const bool close_after_;
  std::vector<char> scratch_;
  std::string out_;
  std::vector<std::string> begun_;  // by descriptor: a head that has not ended
  int door_ = -1;
  int poll_ = -1;
};

}  // namespace

int main(int argc, char** argv) {
  std::ifstream file(argc > 1 ? argv[1] : "", std::ios::binary);
  if (!file) {
    std::cerr << "usage: bare_loop FILE [--close]\n";
    return 2;
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  BareLoop loop(std::string(std::istreambuf_iterator<char>(file), {}),
                argc > 2 && std::string_view(argv[2]) == "--close");
  if (!loop.listen_on_any_port()) {
    std::perror("bare_loop");
    return 1;
  }
  loop.run();
}
