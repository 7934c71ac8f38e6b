// Which users have a listener at an address of this machine. While the gateway does not run, any
// user may listen at its control port, and would keep the token that is sent there.
//
//   users_who_listen(*http::Address::parse("127.0.0.1"), 9099, kSocketTables)
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "http/address.h"

namespace intermission::cli {

/// Where the kernel lists the sockets of the machine: the folder of tcp and tcp6 (proc_net(5)).
inline constexpr const char* kSocketTables = "/proc/net";

/// The users of the sockets that listen at that port, on that address or on all. Each user once;
/// none where the tables cannot be read or name no such socket, as that of another machine.
std::vector<uid_t> users_who_listen(const http::Address& address, std::uint16_t port,
                                    const std::string& tables);

/// The user's name, or the number of one without a name.
std::string user_name(uid_t user);

}  // namespace intermission::cli
