// The address of the database that instances share, in the form of libpq's connection strings
// (https://www.postgresql.org/docs/15/libpq-connect.html), from the configuration, the environment,
// or a service that Cloud Foundry has bound to the application.
//
// Texts about an address name hosts, ports and the database, never a password.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace intermission::control {

struct DatabaseAddress {
  /// Keywords of libpq with their values, each once. Holds the password.
  std::vector<std::pair<std::string, std::string>> options;
  std::string from;  // who gave it: "state.postgresql"

  std::string value_of(std::string_view keyword) const;
  void set(std::string_view keyword, std::string value);

  /// "db1:5432, db2:5432, database ops".
  std::string shown() const;
  /// `text`, in one line, with each password taken out.
  std::string without_secrets(std::string_view text) const;
  /// What the operator has to know of an address that was asked for, if anything: that the server's
  /// certificate is not checked.
  std::optional<std::string> warning() const;
  /// The same address with its hosts in another order: the one at `first` first. libpq has no limit
  /// of time for each host where the caller waits by itself, so a host that hangs must not always
  /// be the first.
  DatabaseAddress beginning_with(std::size_t first) const;
  std::size_t hosts() const;
};

/// What is odd about an address that can be used: its certificates cannot be read.
std::vector<std::string> unreadable_files(const DatabaseAddress& address);

/// `text` is a list of keywords and values or a URI. Unless it says something else, the server's
/// certificate and name are verified (sslmode=verify-full, against the certificates of the system
/// where sslrootcert is not given) if any host is reached over a network, and of several hosts one
/// that can be written to is chosen. What libpq would refuse only when it connects is an Error
/// here. One that repeats a part of `text` takes it from before any password.
base::Result<DatabaseAddress> parse_database_address(const std::string& text,
                                                     const std::string& from);

/// The address in the VCAP_SERVICES of Cloud Foundry: of the binding with that name, or, where
/// `name` is empty, of the first that is tagged postgresql or postgres. Nothing where none is; an
/// Error where one was named that is not there, or says too little.
base::Result<std::optional<DatabaseAddress>> bound_database(std::string_view vcap_services,
                                                            std::string_view name);

/// What says where the database is, in the order in which it counts.
struct DatabaseSources {
  std::string binding;               // --state-binding; a name of VCAP_SERVICES
  std::optional<std::string> url;    // INTERMISSION_DATABASE_URL or its twin
  std::string configured;            // state.postgresql
  std::optional<std::string> bound;  // VCAP_SERVICES
};
/// Nothing where none says anything.
base::Result<std::optional<DatabaseAddress>> choose_database(const DatabaseSources& sources);

}  // namespace intermission::control
