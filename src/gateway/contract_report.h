// What the clients of each service's API will be told during maintenance, and what is not as it
// should be in its documents: for people, for reviews, and for the pipelines of API teams.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "contract/api_contract.h"
#include "gateway/snapshot.h"

namespace intermission::gateway {

enum class ReportFormat : std::uint8_t {
  kText,
  kMarkdown,
  kJson,
  kSarif,  // 2.1.0, for code scanning
};
std::optional<ReportFormat> report_format(std::string_view name);

/// All findings about a service's contract: its own, and one for each operation that asks for a
/// dialect that there is not.
std::vector<contract::Finding> contract_findings(const Service& service);

/// Lines of check's text about one service's contract; none without a contract.
std::vector<std::string> contract_lines(const Service& service);

/// The report about all contracts in a format that is not kText. Bodies are as they would be said
/// at `now`; `problems` are those of contracts that could not be read (see gateway/contracts.h).
std::string contract_report(const Snapshot& snapshot, std::span<const base::Error> problems,
                            base::TimePoint now, ReportFormat format);

bool has_contract_findings(const Snapshot& snapshot);

}  // namespace intermission::gateway
