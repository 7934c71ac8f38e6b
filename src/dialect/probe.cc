// Probes of load balancers. Nothing in a request tells for certain who is one, so only a rule
// chooses this dialect: by path, User-Agent, or both. With 200 the balancer keeps sending
// requests here; with 503 it takes the gateway itself out.
#include "dialect/dialect.h"
#include "dialect/text.h"

namespace intermission::dialect::probe {
namespace {

Claim recognise(RequestEvidence&) {
  return {};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  Representation answer = plain_text(notice);
  if (service.probe.status == 200) {
    answer.status = 200;
    answer.body = "ok\n";
    answer.omit_maintenance_headers = true;
  }
  return {answer};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "probe",
    .speaks_to = "probes of load balancers",
    .known_by = "a rule",
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::probe
