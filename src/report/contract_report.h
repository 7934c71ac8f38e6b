// What the clients of each service's API and of its WSDL will be told during maintenance, and what
// is not as it should be in the documents: for people, for reviews, and for the pipelines of API
// teams.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "snapshot/snapshot.h"

namespace intermission::report {

enum class ReportFormat : std::uint8_t {
  kText,
  kMarkdown,
  kJson,
  kSarif,  // 2.1.0, for code scanning
};
std::optional<ReportFormat> report_format(std::string_view name);

/// Lines of check's text about one service's documents, each with the key in the configuration that
/// it is about; none where it has no document.
struct ContractLine {
  std::string_view key;  // "contract", "wsdl", "protobuf"
  std::string text;
};
std::vector<ContractLine> contract_lines(const snapshot::Service& service);

/// The report about all contracts in a format that is not kText. Bodies are as they would be said
/// at `now`; `problems` are those of contracts that could not be read (see snapshot/contracts.h).
std::string contract_report(const snapshot::Snapshot& snapshot,
                            std::span<const base::Error> problems, base::TimePoint now,
                            ReportFormat format);

bool has_contract_findings(const snapshot::Snapshot& snapshot);

}  // namespace intermission::report
