// AsyncAPI: the operations of a document of version 2 (asyncapi.com/docs/reference/specification)
//
//   channels: { /orders: { subscribe: { … } } }
//
// or 3
//
//   channels:   { orders: { address: /orders } }
//   operations: { ordersSent: { action: send, channel: { $ref: '#/channels/orders' } } }
//
// Only those of servers of HTTP and WebSocket can ever be asked of a gateway.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.h"
#include "interfaces/interface.h"
#include "openapi/api_files.h"

namespace intermission::interfaces {
namespace {

using openapi::ApiFiles;
using openapi::ApiPlace;
using openapi::Finding;
using openapi::text_of;

bool comes_here(std::string_view protocol) {
  constexpr std::array<std::string_view, 4> kProtocols = {"http", "https", "ws", "wss"};
  return std::find(kProtocols.begin(), kProtocols.end(), protocol) != kProtocols.end();
}

class AsyncReader {
 public:
  AsyncReader(ApiFiles& files, Interface& out) : files_(files), out_(out) {}

  std::optional<base::Error> read() {
    const ApiPlace root = files_.root_place();
    const std::string_view version = root.node["asyncapi"].text();
    if (version.starts_with("2.")) {
      read_channels(root);
    } else if (version.starts_with("3.")) {
      read_operations(root);
    } else {
      const ApiPlace at = root.node["asyncapi"] ? root["asyncapi"] : root;
      return at.error("expected an AsyncAPI document with asyncapi: 2.x or 3.x, got " +
                      (version.empty() ? "none" : base::printable(version)));
    }
    note_problems();
    if (out_.calls.empty() && out_.elsewhere.empty()) {
      note("no-operations", "expected an operation of a channel, got none", root);
    }
    std::sort(out_.elsewhere.begin(), out_.elsewhere.end());
    return {};
  }

 private:
  // Version 2: a channel is named by its address and has its operations inside.
  void read_channels(const ApiPlace& root) {
    const ApiPlace channels = files_.resolved(root["channels"]);
    for_each(channels, [&](std::string_view address, const ApiPlace& channel) {
      const auto protocols = protocols_of(channel["servers"], root["servers"]);
      for (const std::string_view action : {"publish", "subscribe"}) {
        const ApiPlace operation = files_.resolved(channel[action]);
        if (!operation.node.is_object()) continue;
        const std::string_view id = operation.node["operationId"].text();
        add(address, id.empty() ? action : id, action, protocols, channel[action]);
      }
    });
  }

  // Version 3: operations stand beside the channels.
  void read_operations(const ApiPlace& root) {
    const ApiPlace operations = files_.resolved(root["operations"]);
    for_each(operations, [&](std::string_view id, const ApiPlace& operation) {
      const std::string_view action = operation.node["action"].text();
      if (action != "send" && action != "receive") {
        return note("broken-statement",
                    fmt::format("{}: expected action: send or receive", base::printable(id)),
                    operation);
      }
      const ApiPlace channel = files_.resolved(operation["channel"]);
      if (!channel.node.is_object()) return;
      // An address that is null is not known before the time.
      const std::string_view address = channel.node["address"].text();
      add(address.empty() ? id : address, id, action,
          protocols_of(channel["servers"], root["servers"]), operation);
    });
  }

  // Of the servers that a channel names, by key or by reference; of all servers where it names
  // none.
  std::set<std::string> protocols_of(const ApiPlace& named, const ApiPlace& servers) {
    std::set<std::string> protocols;
    const auto take = [&](const ApiPlace& server) {
      const std::string_view protocol = files_.resolved(server).node["protocol"].text();
      if (!protocol.empty()) protocols.insert(base::to_lower(protocol));
    };
    const bool names_some = named.node && named.node.value->IsArray() && !named.node.value->Empty();
    if (!names_some) {
      for_each(files_.resolved(servers), [&](std::string_view, const ApiPlace& one) { take(one); });
      return protocols;
    }
    for (rapidjson::SizeType i = 0; i < named.node.value->Size(); ++i) {
      ApiPlace one{{named.node.file, &(*named.node.value)[i]}, named.pointer};
      document::append_pointer(one.pointer, std::size_t{i});
      if (one.node.text().empty()) {
        take(one);
      } else if (const ApiPlace server = files_.resolved(servers)[one.node.text()]; server.node) {
        take(server);
      } else {
        note("unknown-server",
             "expected the name of a server, got " + base::printable(one.node.text()), one);
      }
    }
    return protocols;
  }

  // An operation without a server may be anywhere.
  void add(std::string_view address, std::string_view name, std::string_view action,
           const std::set<std::string>& protocols, const ApiPlace& place) {
    std::string over;
    for (const std::string& protocol : protocols) {
      if (comes_here(protocol)) over += (over.empty() ? " over " : ", ") + protocol;
    }
    if (over.empty() && !protocols.empty()) {
      out_.elsewhere.push_back(*protocols.begin());
    } else if (out_.calls.size() < kMaxCalls) {
      out_.calls.push_back({std::string(address), std::string(name), std::string(action) + over,
                            place.node.file->name, place.line()});
    }
  }

  template <typename Use>
  void for_each(const ApiPlace& map, Use use) {
    if (!map.node.is_object()) return;
    for (const auto& member : map.node.value->GetObject()) {
      const std::string_view key = text_of(member.name);
      if (key.starts_with("x-") || key == "$ref") continue;
      const ApiPlace value = files_.resolved(map.of(member));
      if (value.node.is_object()) use(key, value);
    }
  }

  // What cannot be used, while the rest is.
  void note_problems() {
    for (const base::Error& problem : files_.problems()) {
      out_.findings.push_back({Finding::Level::kWarning, "unresolved-reference",
                               problem.message + "; what refers to it is left out", problem.file,
                               problem.line});
    }
    for (const openapi::ApiFile* file : files_.files()) {
      for (const document::Oddity& oddity : file->document.oddities) {
        out_.findings.push_back(
            {Finding::Level::kWarning, "unusual-value", oddity.message, file->name, oddity.line});
      }
    }
  }

  void note(std::string rule, std::string message, const ApiPlace& place) {
    out_.findings.push_back({Finding::Level::kWarning, std::move(rule), std::move(message),
                             place.node.file->name, place.line()});
  }

  ApiFiles& files_;
  Interface& out_;
};

}  // namespace

ReadInterface read_asyncapi(const std::string& path, const std::string& root) {
  auto files = ApiFiles::open(path, root);
  if (!files) return files.error();
  auto out = std::make_shared<Interface>();
  out->path = path;
  if (auto problem = AsyncReader(**files, *out).read()) return *problem;
  return std::shared_ptr<const Interface>(std::move(out));
}

}  // namespace intermission::interfaces
