// TLS of both listeners, as the configuration and the command line ask for it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/configuration.h"
#include "control/api.h"
#include "observe/metrics.h"
#include "server/server.h"
#include "server/tls_contexts.h"

namespace intermission::program {

class Tls {
 public:
  /// With `self_signed` clients are shown a certificate that is made in memory; it must not be
  /// combined with listen.tls. `clock` outlives it. An Error names the file and its key.
  static base::Result<Tls> open(const catalog::Configuration& configuration, bool self_signed,
                                const base::Clock& clock);

  /// Reads the certificates again, for new connections: all of them, or none on an Error. A
  /// listener that had no TLS at first gets none.
  std::optional<base::Error> reload(const catalog::Configuration& configuration) const;

  /// Null where there is none.
  const std::shared_ptr<server::TlsEndpoint>& data() const { return data_; }
  const std::shared_ptr<server::TlsEndpoint>& operators() const { return operators_; }

  std::vector<control::ServerCertificate> certificates() const;

 private:
  std::shared_ptr<server::TlsEndpoint> data_;
  std::shared_ptr<server::TlsEndpoint> operators_;
  bool self_signed_ = false;
};

/// The names of a certificate that is made in memory: of loopback, of the machine and of the
/// services, as far as a certificate can carry them, 100 at most.
std::vector<std::string> names_for_trying(const catalog::Configuration& configuration,
                                          std::string_view machine);

/// What is wrong with the certificates of a configuration; nothing where a gateway could serve.
std::optional<base::Error> certificate_problem(const catalog::Configuration& configuration,
                                               const base::Clock& clock);

/// `tls`, `server` and `clock` outlive what is returned.
std::vector<observe::Instrument> tls_readings(const Tls& tls, const server::Server& server,
                                              const base::Clock& clock);

}  // namespace intermission::program
