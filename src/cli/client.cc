#include "cli/client.h"

#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <system_error>

#include "base/environment.h"
#include "base/text.h"
#include "cli/curl_library.h"
#include "http/address.h"
#include "http/host.h"

namespace intermission::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool is_secure(std::string_view url) {
  return base::istarts_with(url, "https://");
}

// Whether it is "http://HOST[:PORT]", or https, with slashes at its end at most.
bool is_control_url(std::string_view url) {
  const bool secure = is_secure(url);
  if (!secure && !base::istarts_with(url, "http://")) return false;
  url.remove_prefix(secure ? 8 : 7);
  while (url.ends_with('/')) url.remove_suffix(1);
  const auto [host, rest] = http::split_authority(url);
  // libcurl would read a user, a query or a fragment out of them.
  const bool plain = host.find_first_of("/@?#\\ ") == std::string_view::npos;
  if (host.empty() || host == "[]" || !plain) return false;
  return rest.empty() || (rest.front() == ':' && http::is_port(rest.substr(1)));
}

std::string operator_name() {
  return base::printable(base::environment("USER").value_or("") + "@" + base::machine_name(), 100);
}

/// One call; libcurl calls back into it.
class Transfer {
 public:
  Transfer(const CurlLibrary& curl, const Client::Settings& settings,
           const std::function<bool(std::string_view)>& take)
      : curl_(curl), settings_(settings), take_(take), easy_(curl.init(), curl.cleanup) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  base::Result<Reply> run(std::string_view method, const std::string& path,
                          const std::string& body) {
    if (!easy_) return base::Error{"libcurl cannot begin: memory is short"};
    const std::string url = url_of(path);
    const std::string verb(method);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_CUSTOMREQUEST, verb.c_str());
    if (method != "GET") {
      set(CURLOPT_POSTFIELDS, body.c_str());
      set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    }
    const auto fields = make_fields(!body.empty());
    set(CURLOPT_HTTPHEADER, fields.get());
    set_bounds();
    set_tls();
    guard_token();
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    const CURLcode result = curl_.perform(easy_.get());
    note_status();
    if (result == CURLE_OK || ended_) return std::move(reply_);
    return error_of(result);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_.set(easy_.get(), option, value);
  }

  std::string url_of(const std::string& path) const {
    std::string url = settings_.url;
    while (url.ends_with('/')) url.pop_back();
    return url + path;
  }

  using Fields = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
  Fields make_fields(bool has_body) const {
    Fields fields(nullptr, curl_.free_list);
    const auto add = [&](const std::string& line) {
      curl_slist* longer = curl_.append(fields.get(), line.c_str());
      if (longer == nullptr) return;
      static_cast<void>(fields.release());
      fields.reset(longer);
    };
    add("Connection: close");
    if (!settings_.token.empty()) add("Authorization: Bearer " + settings_.token);
    add("X-Operator: " + operator_name());
    // libcurl would name the type of a form, and ask first whether a large body is welcome.
    add(has_body ? "Content-Type: application/json" : "Content-Type:");
    add("Expect:");
    return fields;
  }

  // A whole answer has to come in time; of a stream there is no end, but there are signs of life.
  void set_bounds() {
    const auto ms = static_cast<long>(settings_.patience.count());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROXY, "");
    if (settings_.proxy_protocol) set(CURLOPT_HAPROXYPROTOCOL, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_CONNECTTIMEOUT_MS, ms);
    if (!take_) {
      set(CURLOPT_TIMEOUT_MS, ms);
      return;
    }
    heard_ = steady_clock::now();
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    set(CURLOPT_XFERINFODATA, this);
  }

  void set_tls() {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_ERRORBUFFER, problem_.data());
    if (!settings_.ca.empty()) set(CURLOPT_CAINFO, settings_.ca.c_str());
    if (settings_.verifies) return;
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }

  // With TLS the certificate says who listens.
  void guard_token() {
    if (settings_.token.empty() || !settings_.token_owner || is_secure(settings_.url)) return;
    set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
    set(CURLOPT_PREREQDATA, this);
  }

  // Called when the connection is established, before anything is sent.
  static int on_connected(void* user, char* to, char* from, int port, int) {
    auto& self = *static_cast<Transfer*>(user);
    if (is_this_machine(to, from)) {
      self.stranger_ = self.find_stranger(to, static_cast<std::uint16_t>(port));
    }
    return self.stranger_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
  }

  // 127.0.0.2 is reached from 127.0.0.1.
  static bool is_this_machine(std::string_view to, std::string_view from) {
    return to == from || to.starts_with("127.");
  }

  std::optional<uid_t> find_stranger(std::string_view to, std::uint16_t port) const {
    const auto address = http::Address::parse(to);
    if (!address) return {};
    for (const uid_t user : users_who_listen(*address, port, settings_.socket_tables)) {
      if (user != 0 && user != geteuid() && user != settings_.token_owner) return user;
    }
    return {};
  }

  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* user) {
    return static_cast<Transfer*>(user)->take({bytes, size}) ? size : 0;
  }

  // Called at each step, and once a second.
  static int on_progress(void* user, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
    auto& self = *static_cast<Transfer*>(user);
    const auto now = steady_clock::now();
    if (received != self.received_) {
      self.received_ = received;
      self.heard_ = now;
    }
    self.fell_silent_ = now - self.heard_ > self.settings_.patience;
    return self.fell_silent_ ? 1 : 0;
  }

  void note_status() {
    long status = 0;
    curl_.get(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    reply_.status = static_cast<unsigned>(status);
  }

  bool take(std::string_view piece) {
    note_status();
    if (take_ && reply_.good()) {
      ended_ = !take_(piece);
      return !ended_;
    }
    reply_.body += piece;
    return true;
  }

  std::string reason_of(CURLcode result) const {
    if (fell_silent_ || result == CURLE_OPERATION_TIMEDOUT) return "it did not answer in time";
    long system_error = 0;
    curl_.get(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
    if (result == CURLE_COULDNT_CONNECT && system_error != 0) {
      return std::generic_category().message(static_cast<int>(system_error));
    }
    return base::printable(problem_.front() != '\0' ? problem_.data() : curl_.text_of(result));
  }

  base::Error error_of(CURLcode result) const {
    const std::string& url = settings_.url;
    if (stranger_) {
      return {"user " + user_name(*stranger_) + " listens at " + url +
              ", but the token belongs to " + user_name(*settings_.token_owner) +
              ": it was not sent. INTERMISSION_TOKEN sends a token all the same"};
    }
    const std::string reason = reason_of(result);
    switch (result) {
      case CURLE_PEER_FAILED_VERIFICATION:
        return {"the certificate of " + url + " is not trusted (" + reason +
                "): --ca FILE names the authority that signed it, and --control-url a host that it "
                "is for"};
      case CURLE_SSL_CACERT_BADFILE:
        return {"--ca: expected a readable file with certificates in PEM, got " +
                base::printable(settings_.ca)};
      case CURLE_SSL_CONNECT_ERROR:
        return {"no TLS with " + url + " (" + reason +
                "): where the control listener has no control.tls, its URL begins with http://"};
      default:
        return {"no gateway answers at " + url + " (" + reason +
                "): is intermission serve running? --control-url or INTERMISSION_CONTROL_URL sets "
                "another URL"};
    }
  }

  const CurlLibrary& curl_;
  const Client::Settings& settings_;
  const std::function<bool(std::string_view)>& take_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::array<char, CURL_ERROR_SIZE> problem_{};
  Reply reply_;
  curl_off_t received_ = 0;
  steady_clock::time_point heard_;
  bool ended_ = false;  // `take_` wants no more
  bool fell_silent_ = false;
  std::optional<uid_t> stranger_;  // who listens where the gateway should
};

}  // namespace

base::Result<Reply> Client::call(std::string_view method, const std::string& path,
                                 const std::string& body) const {
  return exchange(method, path, body, {});
}

base::Result<Reply> Client::listen(const std::string& path,
                                   const std::function<bool(std::string_view)>& take) const {
  return exchange("GET", path, {}, take);
}

base::Result<Reply> Client::exchange(std::string_view method, const std::string& path,
                                     const std::string& body,
                                     const std::function<bool(std::string_view)>& take) const {
  if (!is_control_url(settings_.url)) {
    return base::Error{"expected a control URL such as http://127.0.0.1:9099, got \"" +
                       base::printable(settings_.url) + "\""};
  }
  const CurlLibrary* curl = CurlLibrary::load();
  if (curl == nullptr) {
    return base::Error{
        "this command calls the gateway by libcurl.so.4, which is not installed: Debian has it in "
        "libcurl4"};
  }
  return Transfer(*curl, settings_, take).run(method, path, body);
}

}  // namespace intermission::cli
