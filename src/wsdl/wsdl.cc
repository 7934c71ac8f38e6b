#include "wsdl/wsdl.h"

#include <algorithm>
#include <sstream>
#include <tuple>

#include "wsdl/wsdl_reader.h"
#include "wsdl/xsd_sample.h"

namespace intermission::wsdl {

Wsdl::Wsdl(WsdlFiles files)
    : files_(std::move(files)), schemas_(files_), published_(files_, schemas_) {}

base::Result<std::shared_ptr<const Wsdl>> Wsdl::read(const std::string& path,
                                                     const std::string& root) {
  auto files = read_wsdl_files(path, root);
  if (!files) return files.error();
  return from(std::move(*files));
}

base::Result<std::shared_ptr<const Wsdl>> Wsdl::from(WsdlFiles files) {
  const std::shared_ptr<Wsdl> wsdl(new Wsdl(std::move(files)));
  for (const base::Error& problem : wsdl->files_.problems) {
    wsdl->findings_.push_back({kMissingDocument, problem});
  }
  for (const base::Error& oddity : wsdl->files_.oddities) {
    wsdl->findings_.push_back({kUnusualValue, oddity});
  }
  WsdlReader(*wsdl).read();
  if (wsdl->operations_.empty()) {
    const WsdlFile& main = *wsdl->files_.files.front();
    wsdl->findings_.push_back(
        {kNoSoapBinding, main.error(main.document.document_element(),
                                    "expected a binding for SOAP with an operation, got none; the "
                                    "document is served, and no operation is known")});
  }
  return std::shared_ptr<const Wsdl>(wsdl);
}

Wsdl::Found Wsdl::find(std::string_view action, const base::XmlName& element) const {
  const auto by_action = std::lower_bound(
      by_action_.begin(), by_action_.end(), action,
      [](const ByAction& entry, std::string_view wanted) { return entry.action < wanted; });
  if (by_action != by_action_.end() && by_action->action == action &&
      by_action->operation != kSeveral) {
    return {&operations_[by_action->operation], "its action"};
  }
  const auto before = [](const ByElement& entry, const base::XmlName& wanted) {
    return std::tie(entry.space, entry.local) < std::tie(wanted.space, wanted.local);
  };
  const auto at = std::lower_bound(by_element_.begin(), by_element_.end(), element, before);
  if (at != by_element_.end() && at->space == element.space && at->local == element.local &&
      at->operation != kSeveral) {
    return {&operations_[at->operation], "the first element of its body"};
  }
  return {};
}

std::optional<std::string> Wsdl::detail(std::size_t fault, const contract::Facts& facts) const {
  pugi::xml_document document;
  if (append_sample(schemas_, *faults_[fault].element, facts, document)) return {};
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return out.str();
}

}  // namespace intermission::wsdl
