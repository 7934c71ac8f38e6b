// A client that asks at a fixed rate, whatever the server does: wrk asks again only when it was
// answered, so a server that stalls is asked less, and its tail looks better than it is.
//
//   paced_load PORT RATE SECONDS CONNECTIONS FILE
//
// Sends FILE, one request, RATE times a second for SECONDS over CONNECTIONS in turn to
// 127.0.0.1:PORT. Each answer's latency counts from the moment its request was due, so a late
// start counts as waiting. Prints one line of JSON: answers, and latencies in microseconds.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Client {
  int fd = -1;
  std::deque<Clock::time_point> due;  // of the requests that have not been answered
  std::string received;
};

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::perror("paced_load: connect");
    std::exit(1);
  }
  return fd;
}

// The size of the first answer, once it is complete; else 0.
std::size_t complete_answer(std::string_view bytes) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  auto length = bytes.find(kLength);
  if (length == std::string_view::npos || length > head)
    length = bytes.find("\r\ncontent-length: ");
  if (length == std::string_view::npos || length > head) return 0;
  const std::string digits(bytes.substr(length + kLength.size(), 10));
  const std::size_t size = head + 4 + std::strtoul(digits.c_str(), nullptr, 10);
  return bytes.size() < size ? 0 : size;
}

// Whether the server still speaks with us.
bool receive(Client& client, std::vector<double>& latencies) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = recv(client.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got <= 0) return got < 0 && errno == EAGAIN;
  client.received.append(buffer.data(), static_cast<std::size_t>(got));
  const auto now = Clock::now();
  while (const std::size_t size = complete_answer(client.received)) {
    if (client.due.empty()) return false;
    latencies.push_back(
        std::chrono::duration<double, std::micro>(now - client.due.front()).count());
    client.due.pop_front();
    client.received.erase(0, size);
  }
  return true;
}

timespec until(Clock::time_point when) {
  const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(when - Clock::now());
  const auto ns = std::max<std::int64_t>(wait.count(), 0);
  return {static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
}

double percentile(const std::vector<double>& sorted, double part) {
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: paced_load PORT RATE SECONDS CONNECTIONS FILE\n", stderr);
    return 2;
  }
  const double rate = std::atof(argv[2]);
  const auto total = static_cast<std::size_t>(rate * std::atof(argv[3]));
  std::ifstream file(argv[5], std::ios::binary);
  const std::string request(std::istreambuf_iterator<char>(file), {});

  const int poll = epoll_create1(EPOLL_CLOEXEC);
  std::vector<Client> clients(static_cast<std::size_t>(std::max(1, std::atoi(argv[4]))));
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i].fd = connect_to(std::atoi(argv[1]));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].fd, &event);
  }

  std::vector<double> latencies;
  latencies.reserve(total);
  const auto start = Clock::now();
  const auto due = [&](std::size_t i) {
    return start +
           std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(i) * 1e9 / rate));
  };
  const auto patience = due(total) + std::chrono::seconds(5);
  std::size_t sent = 0;
  while (latencies.size() < total && Clock::now() < patience) {
    for (; sent < total && due(sent) <= Clock::now(); ++sent) {
      Client& client = clients[sent % clients.size()];
      client.due.push_back(due(sent));
      if (send(client.fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        std::perror("paced_load: send");
        return 1;
      }
    }
    const timespec wait = until(sent < total ? due(sent) : patience);
    std::array<epoll_event, 64> events{};
    const int ready =
        epoll_pwait2(poll, events.data(), static_cast<int>(events.size()), &wait, nullptr);
    for (int i = 0; i < ready; ++i) {
      if (!receive(clients[events[static_cast<std::size_t>(i)].data.u64], latencies)) {
        std::fputs("paced_load: the server went away\n", stderr);
        return 1;
      }
    }
  }
  if (latencies.empty()) return 1;
  std::sort(latencies.begin(), latencies.end());
  std::printf("{\"asked\": %zu, \"answered\": %zu, \"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f}\n",
              total, latencies.size(), percentile(latencies, 0.5), percentile(latencies, 0.99),
              percentile(latencies, 0.999));
  return 0;
}
