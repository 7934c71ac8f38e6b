#include "dialect/contract_facts.h"

namespace intermission::dialect {

contract::Facts facts_of(const page::Notice& notice, const catalog::Service& service,
                         std::string_view seconds) {
  const catalog::RetryAfter& wait = service.retry_after;
  // The longest Retry-After of any answer, jitter included.
  const auto most = wait.max.count() * (100 + wait.jitter_percent) / 100;
  return {.service = notice.service,
          .title = notice.title,
          .message = notice.message,
          .language = notice.language,
          .seconds = seconds,
          .most_seconds = static_cast<std::uint32_t>(most),
          .problem_type = notice.problem_type,
          .since = notice.since,
          .until = notice.until,
          .is_outage = notice.is_outage};
}

}  // namespace intermission::dialect
